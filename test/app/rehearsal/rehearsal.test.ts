import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Prober } from '../../../src/app/ports/ports.ts';
import { rehearsalJson } from '../../../src/app/rehearsal/json.ts';
import { rehearse } from '../../../src/app/rehearsal/rehearse.ts';
import type { Answer } from '../../../src/core/classify/answer.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, FROM_KEY, HOUR_MS, inFlight, LAG_MS, NOW } from '../../support/journals.ts';
import { hourly, usage } from '../../support/used-hours.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { NOT_SHARED, OVERLOADED, rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const MINTED: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const SUPPLIED: Asked = { ...MINTED, candidate: 'supplied' };
const SAME: Asked = { ...MINTED, requestId: 'r-1' };

const answerOf = ({ status, body }: { status?: number; body?: unknown }): Answer => ({
  sentAs: 'header',
  keyKind: 'unknown',
  contentType: 'application/json',
  body: JSON.stringify(body),
  ...(status === undefined ? {} : { status }),
});
/** Every key works. */
const FRIENDLY: Prober = {
  listModels: () => Promise.resolve(answerOf(WORKING.list as never)),
  generate: () => Promise.resolve(answerOf(WORKING.generate as never)),
};

describe('a rehearsal', () => {
  test('jumps over the drain, and leaves the clock of the world alone', async () => {
    const { ports, order, clock } = await rotationStage();
    const { steps, outcome } = await rehearse(ports, { ...order(), asked: MINTED });
    expect(outcome).toBe('completed');
    expect(steps.map(({ phase }) => phase)).toContain('drained');
    expect(steps.at(-1)?.at).toBe(NOW + 24 * HOUR_MS);
    expect(clock.now()).toBe(NOW);
  });

  test('says which aliases would move, and shows no key (I9)', async () => {
    const { ports, order } = await rotationStage();
    const text = JSON.stringify(rehearsalJson(await rehearse(ports, { ...order(), asked: MINTED }), NOT_SHARED));
    expect(text).toContain('(current → version 2, previous → version 1)');
    expect(text).toContain('"schema":"key-warden/rehearsal/v1"');
    expect(text).not.toContain(GOOD_KEY);
    expect(text).not.toContain('rehearsal-of');
  });

  test('counts its calls, and says which of the reads it made', async () => {
    const { ports, order } = await rotationStage();
    const { counts, steps } = rehearsalJson(await rehearse(ports, { ...order(), asked: MINTED }), NOT_SHARED);
    const calls = steps.flatMap((step) => step.calls);
    expect(counts.reads + counts.writes + counts.announcements).toBe(calls.length);
    expect(counts.readsMade).toBe(calls.filter(({ made }) => made).length);
    expect(steps[0]).toMatchObject({ phase: 'resting', act: 'open', at: '2027-01-15T08:00:00.000Z', step: 'open' });
  });

  test('tells of one in flight, and of a secret that is not under care', async () => {
    const { ports, order, write, vault, secret } = await rotationStage();
    await write(inFlight({ phase: 'opened', notBefore: ahead(1) }));
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'busy',
      why: expect.stringContaining('is opened since'),
      steps: [],
    });
    await vault.commit(await vault.look(secret), { labels: { 'key-warden': null } });
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({ outcome: 'unmanaged' });
  });

  test('shows how a rotation that cannot be done is given up', async () => {
    const { ports, order } = await rotationStage();
    const { secretPolicy } = order();
    const auth = { ...secretPolicy, mint: { ...secretPolicy.mint, keyKind: 'auth' } } as const;
    const rehearsal = await rehearse(ports, { ...order({ secretPolicy: auth }), asked: MINTED });
    expect(rehearsal).toMatchObject({ outcome: 'abandoned', why: expect.stringContaining('--service-account') });
    expect(rehearsal.steps.map(({ step }) => step)).toContain('discard: done');
  });

  test('of a secret without a version comes to nothing', async () => {
    const { ports, order, vault } = await rotationStage();
    const labels = { 'key-warden': 'managed' };
    const secret = vault.create({ project: 'demo-project', location: 'global' }, 'empty', { labels });
    const rehearsal = await rehearse(ports, { ...order({ secret }), asked: MINTED });
    expect(rehearsal).toMatchObject({ outcome: 'nothing', why: 'the secret has no version' });
  });

  test('ends where the rotation would be held', async () => {
    const { ports, order, vault, secret } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.policy': '[]' } });
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'held',
      why: 'key-warden.policy is not a JSON object',
    });
  });

  test('has no phase to name where the journal is not understood', async () => {
    const { ports, order, vault, secret } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.rotation': '{"v":9}' } });
    const rehearsal = await rehearse(ports, { ...order(), asked: MINTED });
    expect(rehearsal.outcome).toBe('held');
    expect(rehearsalJson(rehearsal, NOT_SHARED).steps).toMatchObject([{ phase: undefined }]);
  });

  test('ends where the rotation would try again, since nothing changes by then, and takes no time for it', async () => {
    const { ports, order, prober, clock } = await rotationStage();
    prober.script(STANDARD_KEY, 'list', OVERLOADED);
    const supplied = new KeyText(STANDARD_KEY);
    expect(await rehearse(ports, { ...order({ supplied }), asked: SUPPLIED })).toMatchObject({ outcome: 'unsure' });
    const { secretPolicy } = order();
    const patient = {
      ...secretPolicy,
      checks: { ...secretPolicy.checks, confirmAnswers: 2, confirmSpacingSeconds: 5 },
    };
    const dead = { ...order({ secretPolicy: patient, supplied: new KeyText(`not ${STANDARD_KEY}`) }), asked: SUPPLIED };
    const rehearsal = await rehearse(ports, dead);
    expect(rehearsal).toMatchObject({ outcome: 'unsure', why: expect.stringContaining('refused so far') });
    expect(rehearsal.steps.at(-1)?.at).toBe(NOW + 5000);
    expect(clock.now()).toBe(NOW);
  });

  test('passes on what an emergency would leave to a person, and logs nothing', async () => {
    const { ports, order, logged } = await rotationStage();
    const rehearsal = await rehearse(ports, { ...order(), asked: { ...MINTED, emergency: true } });
    expect(rehearsal).toMatchObject({ outcome: 'completed', problems: [expect.stringContaining('was not deleted')] });
    expect(logged).toEqual([]);
  });

  test('passes on what it cannot know of the mint', async () => {
    const { ports, order, issuer } = await rotationStage();
    for (let made = 0; made < 299; made += 1) issuer.plant({ project: 'demo-project' });
    const { name } = issuer.plant({ project: 'demo-project' });
    await issuer.delete(name, false);
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'completed',
      problems: [expect.stringContaining('299 keys and 1 deleted ones')],
    });
  });

  test('lists the permissions that its calls lack, each with a role that has it', async () => {
    const { ports, order, vault } = await rotationStage();
    vault.allowOnly(
      'secretmanager.secrets.get',
      'secretmanager.secrets.update',
      ...['access', 'add', 'get', 'list'].map((call) => `secretmanager.versions.${call}`),
    );
    expect((await rehearse(ports, { ...order(), asked: MINTED })).missing).toEqual([
      { permission: 'secretmanager.versions.disable', role: 'roles/secretmanager.secretVersionManager' },
    ]);
  });

  test('says when permissions cannot be asked for', async () => {
    const { ports, order, vault } = await rotationStage();
    vault.failNext('permitted', new Fault('unavailable', 'no answer'));
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'completed',
      missing: [],
      problems: ['permissions could not be asked for: no answer'],
    });
  });
});

describe('a rehearsal of the same request goes on from where its rotation is:', () => {
  test('a drain that is busy is looked at until the time that is not known yet', async () => {
    const { ports, order, write, vault, secret, meter } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    meter.script(FROM_KEY.uid, usage(hourly(ago(200), plusMs(NOW, -LAG_MS), 9)));
    await write(
      inFlight({ phase: 'promoted', requestId: 'r-1', promotedAt: ago(8), since: ago(8), fromKey: FROM_KEY }),
    );
    const rehearsal = await rehearse(ports, { ...order(), asked: SAME });
    expect(rehearsal.outcome).toBe('completed');
    const waits = rehearsal.steps.filter(({ step }) => step.startsWith('waits'));
    expect(waits).toHaveLength(1);
    expect(waits[0]?.step).toContain('the old key was used 54 times');
  });

  test('one that must be silent for two days is jumped over as well', async () => {
    const { ports, order, write, vault, secret, meter } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    meter.script(FROM_KEY.uid, usage(hourly(ago(200), plusMs(NOW, -LAG_MS), 9)));
    const { secretPolicy } = order();
    const slow = { ...secretPolicy, rotation: { ...secretPolicy.rotation, drainHoursMin: 48 } };
    await write(
      inFlight({ phase: 'promoted', requestId: 'r-1', promotedAt: ago(99), since: ago(99), fromKey: FROM_KEY }),
    );
    const rehearsal = await rehearse(ports, { ...order({ secretPolicy: slow }), asked: SAME });
    expect(rehearsal).toMatchObject({ outcome: 'completed' });
    const wait = rehearsal.steps.find(({ step }) => step.startsWith('waits'));
    expect(wait?.step).toContain('the old key was used 432 times in 48 hours');
  });

  test('a promoted key that cannot be looked at is not waited for', async () => {
    const { ports, order, write, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    await write(inFlight({ phase: 'promoted', requestId: 'r-1', promotedAt: ago(8) }));
    vault.failNext('read', new Fault('unavailable', 'no answer'));
    expect(await rehearse(ports, { ...order(), asked: SAME })).toMatchObject({ outcome: 'unsure', why: 'no answer' });
  });

  test('one that is being given up for no reason on record', async () => {
    const { ports, order, write } = await rotationStage();
    await write(inFlight({ phase: 'abandoned', requestId: 'r-1', to: undefined, candidate: 'supplied' }));
    expect(await rehearse(ports, { ...order(), asked: SAME })).toMatchObject({
      outcome: 'abandoned',
      why: 'somebody asked for it',
    });
  });
});

test('a rehearsal of going back ends where the old version is readable again', async () => {
  const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  const { vault, secret, issuer } = on;
  const { issued } = await on.key('old');
  await issuer.delete(issued.name, false);
  await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
  const fromKey = { name: issued.name, uid: issued.uid };
  const asked: Asked = { reason: 'rollback', candidate: 'adopted', emergency: false, from: 1, to: 2, fromKey };
  const back = await rehearse({ ...on.ports, prober: FRIENDLY }, { ...on.order(), asked });
  expect(back).toMatchObject({ outcome: 'completed', why: 'consumers would read the earlier key again' });
  const told = back.steps.flatMap(({ calls }) => calls.map(({ call }) => call));
  expect(told).toEqual(expect.arrayContaining(['issuer.undelete', 'vault.enable', 'vault.add', 'vault.disable']));
  expect(JSON.stringify(back.steps)).toContain('current → version 1, previous removed');
  expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
  expect(await on.states()).toEqual(['enabled', 'enabled']);
});
