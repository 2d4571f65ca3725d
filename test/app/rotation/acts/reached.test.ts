import { describe, expect, test } from '@jest/globals';
import { confirm } from '../../../../src/app/rotation/acts/confirm.ts';
import { discard } from '../../../../src/app/rotation/acts/discard.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { reachFleet } from '../../../../src/app/reach/reach-fleet.ts';
import type { InFlight } from '../../../../src/core/record/journal.ts';
import { advance } from '../../../../src/core/rotation/advance.ts';
import type { RotationPolicy } from '../../../../src/core/rotation/rotation-policy.ts';
import { DEFAULT_SECRET_POLICY } from '../../../../src/core/settings/secret-policy.ts';
import { plusMs } from '../../../../src/core/values/time.ts';
import { DAY_MS } from '../../../support/cloud.ts';
import {
  FIRST_LOOK_MS,
  FROM_KEY,
  HOUR_MS,
  inFlight,
  LAG_MS,
  MINUTE_MS,
  NOW,
  POLICY,
} from '../../../support/journals.ts';
import { readBy, runTwin } from '../../../support/reach-stage.ts';
import { rotationStage } from '../../../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE, STANDARD_KEY } from '../../../support/stage.ts';
import { hourly, usage } from '../../../support/used-hours.ts';

const PROMOTED_AT = plusMs(NOW, -FIRST_LOOK_MS);
const AT = { phase: 'promoted', to: 2, promotedAt: PROMOTED_AT, fromKey: FROM_KEY } as const;
const REACHING: RotationPolicy = { ...POLICY, reachConsumers: 2, reachFailuresMax: 1 };

/** As after a promotion whose drain is over, the old key idle; services named in order read the secret. */
async function reachStage(names: readonly string[], policy: Partial<RotationPolicy> = {}) {
  const stage = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  const { vault, clock, secret, meter, ports, scene, write } = stage;
  const rotation = { ...REACHING, ...policy };
  await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
  const run = runTwin(clock);
  for (const name of names) run.add(name, { template: [readBy({ project: SCOPE.project })] });
  const past = (promotedAt = PROMOTED_AT) =>
    meter.script(FROM_KEY.uid, usage(hourly(plusMs(promotedAt, -2 * DAY_MS), promotedAt, 100)));
  past();
  const reach = async (journal: Partial<InFlight> = AT) => {
    await write(inFlight(journal));
    const order = { scopes: [SCOPE], concurrency: 1, dryRun: false, again: false, budgetSeconds: 600 };
    return reachFleet({ ...ports, reach: run }, { ...order, secretPolicy: { ...DEFAULT_SECRET_POLICY, rotation } });
  };
  const at = (journal: Partial<InFlight>) =>
    scene({ ...AT, ...journal }, { policy: rotation, ports: { ...ports, reach: run } });
  return {
    ...stage,
    run,
    rotation,
    past,
    reach,
    confirmed: (journal: Partial<InFlight> = {}) => confirm(at(journal)),
    discarded: async (journal: Partial<InFlight>) => discard(at(journal), await vault.look(secret)),
  };
}

describe('a drain waits for the consumers that are brought along', () => {
  test('and is looked at every five minutes from the promotion on', async () => {
    const { confirmed, rotation } = await reachStage(['s00', 's01']);
    const promoted = advance(inFlight({ phase: 'verified' }), { kind: 'done' }, rotation, NOW);
    expect(promoted).toMatchObject({ phase: 'promoted', notBefore: plusMs(NOW, 5 * MINUTE_MS) });
    expect(await confirmed({ promotedAt: NOW })).toMatchObject({
      kind: 'wait',
      until: plusMs(NOW, 5 * MINUTE_MS),
      why: '2 of 2 consumers are yet to be given the new key: s00 in europe-west1, s01 in europe-west1',
    });
  });

  test('although the old key is idle', async () => {
    const { confirmed, reach } = await reachStage(['s00', 's01']);
    expect(await confirmed()).toMatchObject({ kind: 'wait', why: expect.stringContaining('2 of 2') });
    await reach();
    expect(await confirmed()).toMatchObject({ kind: 'done', drain: { use: 'idle' } });
  });

  test('and then only as long as before, unless the settings say that this is enough', async () => {
    const { confirmed, reach, clock } = await reachStage(['s00']);
    const promotedAt = clock.now();
    await reach({ ...AT, promotedAt });
    expect(await confirmed({ promotedAt })).toMatchObject({ until: plusMs(promotedAt, FIRST_LOOK_MS) });
    const short = await reachStage(['s00'], { drainHoursReached: 1 });
    short.past(promotedAt);
    await short.reach({ ...AT, promotedAt });
    const first = promotedAt + HOUR_MS + LAG_MS;
    expect(await short.confirmed({ promotedAt })).toMatchObject({ until: first });
    // The rhythm of the old key still counts: it used to pause for up to two hours.
    await short.clock.sleep(first - short.clock.now());
    expect(await short.confirmed({ promotedAt })).toMatchObject({
      kind: 'wait',
      until: promotedAt + 3 * HOUR_MS + LAG_MS,
    });
    await short.clock.sleep(2 * HOUR_MS);
    expect(await short.confirmed({ promotedAt })).toMatchObject({ kind: 'done', drain: { hours: 3 } });
  });

  test('not any shorter where somebody was not looked at', async () => {
    const { confirmed, reach, run, clock } = await reachStage(['s00'], { drainHoursReached: 1 });
    const promotedAt = clock.now();
    await reach({ ...AT, promotedAt });
    run.notLooked.push('project ads: not allowed');
    expect(await confirmed({ promotedAt })).toMatchObject({ until: plusMs(promotedAt, FIRST_LOOK_MS) });
  });

  test('not any shorter where nobody is known who reads it: that is no consumer on the new key', async () => {
    const { confirmed, reach, clock } = await reachStage([], { drainHoursReached: 1 });
    const promotedAt = clock.now();
    await reach({ ...AT, promotedAt });
    expect(await confirmed({ promotedAt })).toMatchObject({ until: plusMs(promotedAt, FIRST_LOOK_MS) });
  });

  test.each(['off', undefined])(
    'not any shorter beside one whose label is %s, which keeps the old key',
    async (label) => {
      const { confirmed, reach, run, clock } = await reachStage([], { reachConsumers: 1, drainHoursReached: 1 });
      const template = [readBy({ project: SCOPE.project })];
      run.add('s00', { template, labels: { 'key-warden-reach': 'on' } });
      run.add('s01', { template, labels: label === undefined ? {} : { 'key-warden-reach': label } });
      const promotedAt = clock.now();
      await reach({ ...AT, promotedAt });
      expect(await confirmed({ promotedAt })).toMatchObject({ until: plusMs(promotedAt, FIRST_LOOK_MS) });
    },
  );

  test('not for ever: after the longest drain it is held, and names them', async () => {
    const { confirmed, clock, past } = await reachStage(['s00']);
    await clock.sleep(200 * HOUR_MS);
    past();
    expect(await confirmed()).toMatchObject({ kind: 'unsure', hold: true, why: expect.stringContaining('s00') });
  });

  test('is held for who does not come up, until they are mended or cut off by name', async () => {
    const { confirmed, run, reach } = await reachStage(['s00', 's01']);
    run.failing.add('s01');
    await reach();
    const held = await confirmed();
    expect(held).toMatchObject({
      kind: 'unsure',
      hold: true,
      why: '1 consumer may keep the old key: s01 in europe-west1: its new revision did not come up',
      learned: { drain: { use: 'idle', overdue: true } },
    });
    expect(await confirmed({ drain: { use: 'idle', at: NOW, overdue: true } })).toMatchObject({ kind: 'done' });
  });

  test('goes back when too many do not come up', async () => {
    const { confirmed, run, reach } = await reachStage(['s00', 's01', 's02']);
    for (const name of ['s00', 's01', 's02']) run.failing.add(name);
    await reach();
    expect(await confirmed()).toEqual({
      kind: 'refused',
      why: '2 consumers did not come up with the new key: s00 in europe-west1, s01 in europe-west1',
    });
  });

  test('is what it was where nobody could look, in an emergency, or where no one is brought along', async () => {
    const { confirmed, run } = await reachStage(['s00']);
    expect(await confirmed({ emergency: true })).toMatchObject({ kind: 'done' });
    run.faults.set('s00', new Fault('unavailable', 'try again'));
    expect(await confirmed()).toMatchObject({ kind: 'wait', why: expect.stringContaining('1 of 1') });
    const nobody = await reachStage(['s00'], { reachConsumers: 0 });
    expect(await nobody.confirmed()).toMatchObject({ kind: 'done' });
    const blind = await reachStage(['s00']);
    Object.assign(blind.run, { roll: () => Promise.reject(new Fault('denied', 'nobody may look')) });
    expect(await blind.confirmed()).toMatchObject({ kind: 'done' });
    Object.assign(blind.run, { roll: () => Promise.reject(new Fault('unavailable', 'Google is down')) });
    expect(await blind.confirmed()).toMatchObject({ kind: 'wait', why: 'Google is down' });
    const partly = { consumers: [], notLooked: ['Run of ads did not answer'] };
    Object.assign(blind.run, { roll: () => Promise.resolve({ ...partly, barred: false }) });
    expect(await blind.confirmed()).toMatchObject({ kind: 'wait', why: 'Run of ads did not answer' });
    Object.assign(blind.run, { roll: () => Promise.resolve({ ...partly, barred: true }) });
    expect(await blind.confirmed()).toMatchObject({ kind: 'done' });
  });
});

describe('a rotation that was given up after its promotion', () => {
  const BACK = { phase: 'abandoned', promotedAt: PROMOTED_AT, since: NOW, candidate: 'adopted' } as const;

  test('takes its key away once the consumers are back on the old one', async () => {
    const { discarded, reach, vault, secret, run, clock } = await reachStage(['s00', 's01']);
    await reach();
    await vault.commit(await vault.look(secret), { aliases: { current: 1, previous: null } });
    const since = clock.now();
    expect(await discarded({ ...BACK, since })).toMatchObject({
      kind: 'wait',
      until: plusMs(since, MINUTE_MS),
      why: expect.stringContaining('2 of 2 consumers'),
    });
    expect(await discarded({ ...BACK, since, why: 'the new key died' })).toMatchObject({ why: 'the new key died' });
    await reach({ ...AT, ...BACK, since });
    expect(run.asked).toEqual(['s00', 's01', 's00', 's01']);
    expect(run.marks('s00')[0]).toMatch(/=1@kw-1-abc$/);
    expect(await discarded({ ...BACK, since })).toMatchObject({ kind: 'done' });
  });

  test('waits an hour for them at most, and for nobody where nothing was promoted', async () => {
    const { discarded, vault, secret, clock } = await reachStage(['s00']);
    await vault.commit(await vault.look(secret), { aliases: { current: 1, previous: null } });
    expect(await discarded({ ...BACK, promotedAt: undefined })).toMatchObject({ kind: 'done' });
    await clock.sleep(HOUR_MS);
    expect(await discarded(BACK)).toMatchObject({ kind: 'done' });
  });

  test('waits for nobody where a third version is current', async () => {
    const { discarded, vault, secret, add } = await reachStage(['s00']);
    const third = await add(GOOD_KEY);
    await vault.commit(await vault.look(secret), { aliases: { current: third } });
    expect(await discarded(BACK)).toMatchObject({ kind: 'done' });
  });
});
