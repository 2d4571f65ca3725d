import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/app/fault.ts';
import type { Prober } from '../../src/app/ports.ts';
import { rehearsalJson } from '../../src/app/rehearsal/json.ts';
import type { ToldCall } from '../../src/app/rehearsal/told.ts';
import { rehearsedVault } from '../../src/app/rehearsal/vault.ts';
import { rehearse } from '../../src/app/rehearsal/rehearse.ts';
import { drive, start, type RotatePorts } from '../../src/app/rotate.ts';
import type { Answer } from '../../src/core/answer.ts';
import { KeyText } from '../../src/core/key-text.ts';
import type { Asked } from '../../src/core/plan.ts';
import { ahead, HOUR_MS, inFlight, NOW } from '../core/journals.ts';
import { WORKING } from '../twins/memory-prober.ts';
import { rotationStage } from './rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from './stage.ts';

const MINTED: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const SUPPLIED: Asked = { ...MINTED, candidate: 'supplied' };
const WRITES = ['commit', 'add', 'enable', 'disable', 'destroy', 'mint', 'delete', 'undelete'];

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

/** Ports whose calls are written down in order. */
function noted(ports: RotatePorts): { readonly ports: RotatePorts; readonly calls: string[] } {
  const calls: string[] = [];
  const note = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...words: unknown[]): unknown => {
          calls.push(`${WRITES.includes(String(name)) ? 'write' : 'read'} ${String(name)}`);
          return Reflect.apply(member, target, words);
        };
      },
    });
  const { vault, issuer, prober, meter } = ports;
  return {
    calls,
    ports: { ...ports, vault: note(vault), issuer: note(issuer), prober: note(prober), meter: note(meter) },
  };
}

describe('a rehearsal tells exactly the calls that the rotation then makes, in order', () => {
  test.each([
    ['minted', { asked: MINTED }],
    ['supplied', { asked: SUPPLIED, supplied: new KeyText(STANDARD_KEY) }],
    ['emergency', { asked: { ...MINTED, reason: 'leaked', emergency: true } }],
  ] as const)('%s', async (_, wanted) => {
    const on = await rotationStage();
    const { issued, characters } = await on.key('old');
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    const current = await on.add(characters);
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current } });
    on.meter.script(issued.uid, { known: true, requests: 0, series: 1 });
    const before = { keys: on.issuer.keys(), secret: await on.vault.look(on.secret), states: await on.states() };
    const order = { ...on.order(), ...wanted };
    const world = noted({ ...on.ports, prober: FRIENDLY });

    const { steps, outcome } = await rehearse(world.ports, order);
    expect(outcome).toBe('completed');
    expect(world.calls.filter((call) => call.startsWith('write'))).toEqual([]);
    expect({ keys: on.issuer.keys(), secret: await on.vault.look(on.secret), states: await on.states() }).toEqual(
      before,
    );
    expect(on.announced).toEqual([]);

    world.calls.length = 0;
    const started = await start(world.ports, order, () => undefined);
    let step = 'step' in started ? started.step : undefined;
    while (step?.did === 'wait') {
      await on.clock.sleep(step.until - on.clock.now());
      step = await drive(world.ports, on.order(), () => undefined);
    }
    expect(step?.journal).toMatchObject({ phase: 'resting', failures: 0 });
    const told = steps.flatMap(({ calls }) => calls.map(({ kind, call }) => `${kind} ${call}`));
    expect(told).toEqual(world.calls.filter((call) => call !== 'read close'));
    expect(told.length).toBeGreaterThan(25);
  });
});

describe('a rehearsal', () => {
  test('writes nothing, whatever a later act may want to write (I8)', async () => {
    const { vault, secret, clock } = await rotationStage();
    const told: ToldCall[] = [];
    const imagined = rehearsedVault(vault, clock.now, (call) => told.push(call));
    const version = await imagined.lookVersion(secret, 'current');
    for (const write of ['disable', 'enable', 'destroy'] as const) await imagined[write](secret, version);
    expect(told.map(({ kind, call }) => `${kind} ${call}`)).toEqual([
      'read lookVersion',
      'write disable',
      'write enable',
      'write destroy',
    ]);
    expect((await vault.lookVersion(secret, 1)).state).toBe('enabled');
    expect((await imagined.lookVersion(secret, 1)).state).toBe('destroyed');
    await imagined.disable(secret, version);
    await expect(imagined.read(secret, 1)).rejects.toMatchObject({ code: 'disabled' });
    await expect(imagined.read(secret, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('keeps still about what an emergency would leave to a person, and takes no time for spaced probes', async () => {
    const { ports, order, logged } = await rotationStage();
    const { care } = order();
    const patient = { ...care, checks: { ...care.checks, confirmAnswers: 2, confirmSpacingSeconds: 5 } };
    const asked: Asked = { ...MINTED, emergency: true };
    const { outcome } = await rehearse({ ...ports, prober: FRIENDLY }, { ...order({ care: patient }), asked });
    expect(outcome).toBe('completed');
    const dead = { ...order({ care: patient }), asked: SUPPLIED, supplied: new KeyText(`not ${STANDARD_KEY}`) };
    expect((await rehearse(ports, dead)).steps[2]?.at).toBeGreaterThan(NOW);
    expect(logged).toEqual([]);
  });

  test('jumps over the waits, and leaves the clock of the world alone', async () => {
    const { ports, order, clock } = await rotationStage();
    const { steps } = await rehearse({ ...ports, prober: FRIENDLY }, { ...order(), asked: MINTED });
    expect(steps.map(({ phase }) => phase)).toContain('drained');
    expect(steps.at(-1)?.at).toBe(NOW + 24 * HOUR_MS);
    expect(clock.now()).toBe(NOW);
  });

  test('says which aliases would move, and shows no key', async () => {
    const { ports, order } = await rotationStage();
    const rehearsal = await rehearse({ ...ports, prober: FRIENDLY }, { ...order(), asked: MINTED });
    const text = JSON.stringify(rehearsalJson(rehearsal));
    expect(text).toContain('(current → version 2, previous → version 1)');
    expect(text).toContain('"schema":"key-warden/rehearsal/v1"');
    expect(text).not.toContain(GOOD_KEY);
    expect(text).not.toContain('rehearsal-of');
  });

  test('tells of one in flight, and of a secret that is not under care', async () => {
    const { ports, order, write, vault, secret } = await rotationStage();
    await write(inFlight({ phase: 'opened', notBefore: ahead(1) }));
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('is opened since'),
      steps: [],
    });
    await vault.commit(await vault.look(secret), { labels: { 'key-warden': null } });
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({ outcome: 'refused' });
  });

  test('shows how a rotation that cannot be done is given up', async () => {
    const { ports, order } = await rotationStage();
    const { care } = order();
    const auth = { ...care, mint: { ...care.mint, keyKind: 'auth' } } as const;
    const rehearsal = await rehearse(ports, { ...order({ care: auth }), asked: MINTED });
    expect(rehearsal).toMatchObject({ outcome: 'stops', why: expect.stringContaining('--service-account') });
    expect(rehearsal.steps.map(({ step }) => step)).toContain('discard: done');
  });

  test('stops at a hold, and after some waits of a drain that stays busy', async () => {
    const { ports, order, vault, secret, meter, key, add, clock } = await rotationStage();
    const { issued, characters } = await key('old');
    const current = await add(characters);
    await vault.commit(await vault.look(secret), { aliases: { current } });
    meter.script(issued.uid, { known: true, requests: 9, series: 1 });
    await clock.sleep(1);
    const busy = await rehearse({ ...ports, prober: FRIENDLY }, { ...order(), asked: MINTED });
    expect(busy).toMatchObject({ outcome: 'stops', why: 'the old key was used 9 times in 6 hours' });
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.policy': '[]' } });
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'stops',
      why: 'key-warden.policy is not a JSON object',
    });
  });

  test('has no phase to name where the journal is not understood', async () => {
    const { ports, order, vault, secret } = await rotationStage();
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.rotation': '{"v":9}' } });
    expect(await rehearse(ports, { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'stops',
      steps: [{ phase: 'unknown' }],
    });
  });

  test('lists the permissions that its writes lack, each with a role that has it', async () => {
    const { ports, order, vault } = await rotationStage();
    vault.allowOnly('secretmanager.secrets.update', 'secretmanager.versions.add');
    expect((await rehearse({ ...ports, prober: FRIENDLY }, { ...order(), asked: MINTED })).missing).toEqual([
      { permission: 'secretmanager.versions.disable', role: 'roles/secretmanager.secretVersionManager' },
    ]);
  });

  test('says when permissions cannot be asked for', async () => {
    const { ports, order, vault } = await rotationStage();
    vault.failNext('permitted', new Fault('unavailable', 'no answer'));
    expect(await rehearse({ ...ports, prober: FRIENDLY }, { ...order(), asked: MINTED })).toMatchObject({
      missing: [],
      problems: ['permissions could not be asked for: no answer'],
    });
  });

  test('of going back ends where the old version is readable; what is disabled cannot be read in mind', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { vault, secret, issuer } = on;
    const { issued } = await on.key('old');
    await issuer.delete(issued.name, false);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    const fromKey = { name: issued.name, uid: issued.uid };
    const asked: Asked = { reason: 'rollback', candidate: 'adopted', emergency: false, from: 1, to: 2, fromKey };
    const back = await rehearse(on.ports, { ...on.order(), asked });
    expect(back.outcome).toBe('completed');
    const told = back.steps.flatMap(({ calls }) => calls.map(({ call }) => call));
    expect(told).toEqual(expect.arrayContaining(['undelete', 'enable', 'add', 'disable']));
    expect(JSON.stringify(back.steps)).toContain('current → version 1, previous removed');
    expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    expect(await rehearse(on.ports, { ...on.order(), asked })).toMatchObject({ outcome: 'stops' });
  });
});
