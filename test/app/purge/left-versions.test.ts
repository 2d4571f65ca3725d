import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { purgeJson } from '../../../src/app/purge/purge-json.ts';
import { sweep } from '../../../src/app/purge/sweep.ts';
import { discard } from '../../../src/app/rotation/acts/discard.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { rotationIdPrefix } from '../../../src/core/rotation/begin-rotation.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { isoOf, plusMs } from '../../../src/core/values/time.ts';
import { writeJournal, writeRetired } from '../../support/annotations.ts';
import { HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { GOOD_KEY, SCOPE } from '../../support/stage.ts';

const DAY_MS = 24 * HOUR_MS;
const BY_NUMBER = { project: '123456789012', location: 'global' };
const LEFT = 'key-warden-left';

/** A stage on which a rotation minted a key, wrote it as version 2, and was given up a week ago. */
async function leftStage({ given = true }: { readonly given?: boolean } = {}) {
  const on = await rotationStage();
  const { issuer, secret, ports, vault, clock, scene, add } = on;
  const rotation = `${rotationIdPrefix(secret)}9`;
  const key = issuer.plant({
    project: SCOPE.project,
    keyId: rotation,
    annotations: { 'key-warden-rotation': rotation, 'key-warden-secret': secret },
  });
  const characters = (await issuer.keyString(key.name)).reveal();
  const to = await add(characters);
  const at = { phase: 'abandoned', id: rotation, to, toKey: { name: key.name, uid: key.uid } } as const;
  const giveUp = async (fields: Parameters<typeof scene>[0] = {}) =>
    discard(scene({ ...at, ...fields }), await vault.look(secret));
  if (given) await giveUp();
  await clock.sleep(7 * DAY_MS);
  return {
    ...on,
    key,
    characters,
    rotation,
    giveUp,
    remember: async (annotations: Record<string, string | null>) =>
      vault.commit(await vault.look(secret), { annotations }),
    swept: (dryRun = false, scopes = [BY_NUMBER]) =>
      sweep(ports, {
        project: SCOPE.project,
        scopes,
        dryRun,
        secretPolicy: DEFAULT_SECRET_POLICY,
        holders: NOBODY,
      }),
    state: async (number = 2) => (await vault.lookVersion(secret, number)).state,
  };
}

describe('a version that a rotation wrote and that was never promoted', () => {
  test('is named on its key at the issuer before it is disabled, and destroyed after the retention time (I8)', async () => {
    const { swept, key, secret, issuer, vault, state } = await leftStage();
    expect((await issuer.look(key.name)).annotations[LEFT]).toBe('2');
    expect(issuer.calls.indexOf('mark')).toBeLessThan(issuer.calls.indexOf('delete'));
    expect(vault.calls).toContain('disable');
    expect(await swept(true)).toMatchObject([{ key: key.name, secret, version: 2, outcome: 'would_do' }]);
    expect(await state()).toBe('disabled');
    expect(await swept()).toMatchObject([{ version: 2, outcome: 'done', why: expect.stringMatching(/refused/) }]);
    expect(await state()).toBe('destroyed');
    expect(await swept()).toEqual([]);
  });

  test('waits for that, and says until when', async () => {
    const { swept, clock, remember, state } = await leftStage();
    await remember({ 'key-warden.policy': '{"v":1,"retentionDays":10}' });
    const until = plusMs(NOW, 10 * DAY_MS);
    const waiting = await swept();
    expect(waiting).toMatchObject([{ outcome: 'waiting', until, why: expect.stringMatching(/kept until .* UTC$/) }]);
    const told = purgeJson({ dryRun: false, secrets: 1, purged: [], swept: waiting, unreached: 0, problems: [] });
    expect(told).toMatchObject({ counts: { waiting: 1 }, swept: [{ version: 2, until: isoOf(until) }] });
    await clock.sleep(3 * DAY_MS);
    expect(await swept()).toMatchObject([{ outcome: 'done' }]);
    expect(await state()).toBe('destroyed');
  });

  test('does not wait for longer than its issuer remembers whose it is', async () => {
    const { swept, clock, remember } = await leftStage();
    await remember({ 'key-warden.policy': '{"v":1,"retentionDays":365}' });
    await clock.sleep(21 * DAY_MS - 1);
    expect(await swept()).toMatchObject([{ outcome: 'waiting' }]);
    await clock.sleep(1);
    expect(await swept()).toMatchObject([{ outcome: 'done' }]);
  });

  test('stays while its key is not refused, or nobody can tell', async () => {
    const { swept, prober, characters, issuer, state } = await leftStage();
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    expect(await swept()).toMatchObject([{ outcome: 'failed', why: 'no answer' }]);
    prober.script(characters, 'list', WORKING.list);
    expect(await swept()).toMatchObject([{ outcome: 'refused', why: expect.stringMatching(/is not refused/) }]);
    expect(await state()).toBe('disabled');
  });

  test('is refused where somebody enabled it again, and gone where nothing is left of it', async () => {
    const { swept, vault, secret, state } = await leftStage();
    await vault.enable(secret, await vault.lookVersion(secret, 2));
    expect(await swept()).toMatchObject([{ outcome: 'refused', why: expect.stringMatching(/disable it$/) }]);
    expect(await state()).toBe('enabled');
    vault.failNext('lookVersion', new Fault('not_found', 'no such version'));
    expect(await swept()).toEqual([]);
    vault.failNext('lookVersion', new Fault('denied', 'you may not'));
    expect(await swept()).toMatchObject([{ outcome: 'failed', why: 'you may not' }]);
  });

  test('is nobody’s business once its secret is gone, and waits while that cannot be looked at', async () => {
    const { swept, vault } = await leftStage();
    vault.failNext('look', new Fault('not_found', 'no such secret'));
    expect(await swept()).toEqual([]);
    vault.failNext('look', new Fault('denied', 'you may not'));
    expect(await swept()).toMatchObject([{ outcome: 'failed', why: 'you may not' }]);
  });

  test.each([
    ['a rotation in flight', { [ROTATION_ANNOTATION]: writeJournal(inFlight({ from: 1, to: 2 })) ?? null }],
    [
      'the list of old keys',
      { [RETIRED_ANNOTATION]: writeRetired([{ version: 2, at: NOW, rotation: 'kw-8' }]) ?? null },
    ],
    ['a journal of a newer release', { [ROTATION_ANNOTATION]: '{"v":9}' }],
    ['a list of a newer release', { [RETIRED_ANNOTATION]: '{"v":9}' }],
  ])('stays where %s knows it', async (_, record) => {
    const { swept, remember, state } = await leftStage();
    await remember(record);
    expect(await swept()).toEqual([]);
    expect(await state()).toBe('disabled');
  });

  test('stays where an alias names it, and a rotation that has no version yet is in nobody’s way', async () => {
    const { swept, vault, secret, remember, state } = await leftStage();
    await vault.commit(await vault.look(secret), { aliases: { canary: 2 } });
    expect(await swept()).toEqual([]);
    await vault.commit(await vault.look(secret), { aliases: { canary: null } });
    await remember({ [ROTATION_ANNOTATION]: writeJournal(inFlight({ from: 1, to: undefined })) ?? null });
    expect(await swept()).toMatchObject([{ outcome: 'done' }]);
    expect(await state()).toBe('destroyed');
  });
});

describe('what a person or another tool wrote is never taken (I16)', () => {
  test('a version that is older than the key whose mark names it, whoever wrote the mark', async () => {
    const { swept, issuer, key, vault, secret, clock, state, add } = await leftStage({ given: false });
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    const rotation = `${rotationIdPrefix(secret)}a`;
    const forged = issuer.plant({
      project: SCOPE.project,
      keyId: rotation,
      annotations: { 'key-warden-rotation': rotation, 'key-warden-secret': secret, [LEFT]: '2' },
    });
    await issuer.delete(forged.name, false);
    await issuer.delete(key.name, false);
    await add(GOOD_KEY);
    await clock.sleep(7 * DAY_MS);
    expect(await swept()).toMatchObject([
      { key: forged.name, outcome: 'outside', why: expect.stringMatching(/older/) },
    ]);
    expect(await state()).toBe('disabled');
  });

  test('a deleted key whose mark is none, or whose id is no rotation’s', async () => {
    const { swept, issuer, secret, clock, state } = await leftStage();
    await swept();
    for (const [keyId, left] of [
      [`${rotationIdPrefix(secret)}b`, '1, 2'],
      [`${rotationIdPrefix(secret)}c`, ''],
      ['by-hand', '1'],
    ] as const) {
      const annotations = { 'key-warden-rotation': keyId, 'key-warden-secret': secret, [LEFT]: left };
      const { name } = issuer.plant({ project: SCOPE.project, keyId, annotations });
      await issuer.delete(name, false);
    }
    await clock.sleep(7 * DAY_MS);
    expect(await swept()).toMatchObject([{ key: expect.stringMatching(/by-hand$/), outcome: 'outside' }]);
    expect(await state(1)).toBe('enabled');
  });

  test('a version that was promoted is on the list of old keys, and copies of it are not', async () => {
    const { giveUp, issuer, key, add, characters } = await leftStage({ given: false });
    await giveUp({ promotedAt: NOW });
    expect(issuer.calls).not.toContain('mark');
    await add(characters);
    await giveUp({ promotedAt: NOW });
    expect((await issuer.look(key.name)).annotations[LEFT]).toBe('4');
  });

  test('a version that somebody supplied is not marked', async () => {
    const { giveUp, issuer, key, state } = await leftStage({ given: false });
    await giveUp({ candidate: 'supplied' });
    expect(await state()).toBe('disabled');
    expect((await issuer.look(key.name)).annotations[LEFT]).toBeUndefined();
    const bare = await leftStage({ given: false });
    await bare.giveUp({ candidate: 'supplied', toKey: undefined });
    expect(bare.issuer.calls).not.toContain('mark');
  });
});

describe('marking what is left', () => {
  test('adds to what is marked already', async () => {
    const { giveUp, issuer, key, add, characters } = await leftStage({ given: false });
    await issuer.mark(key.name, { [LEFT]: '12' });
    await add(characters);
    await giveUp();
    expect((await issuer.look(key.name)).annotations[LEFT]).toBe('2 3 12');
  });

  test('is tried again where the issuer does not answer, and done without where it may not be written', async () => {
    const { giveUp, issuer, key, state } = await leftStage({ given: false });
    issuer.failNext('mark', new Fault('unavailable', 'no answer'));
    expect(await giveUp()).toMatchObject({ kind: 'unsure', why: 'no answer' });
    expect(await state()).toBe('enabled');
    issuer.failNext('mark', new Fault('denied', 'you may not'));
    expect(await giveUp()).toMatchObject({ kind: 'done' });
    expect(await state()).toBe('disabled');
    expect((await issuer.look(key.name)).annotations[LEFT]).toBeUndefined();
  });

  test('is for keys that live and that a rotation made for this very secret', async () => {
    const {
      scene,
      secret,
      vault,
      key: made,
    } = await rotationStage().then(async (on) => ({ ...on, key: await on.key() }));
    const to = (await vault.add(secret, new TextEncoder().encode(made.characters))).number;
    const toKey = { name: made.issued.name, uid: made.issued.uid };
    const input = scene({ phase: 'abandoned', id: 'kw-1', to, toKey });
    expect(await discard(input, await vault.look(secret))).toMatchObject({ kind: 'done' });
    const { issuer, giveUp, key } = await leftStage({ given: false });
    await issuer.delete(key.name, false);
    await giveUp();
    expect(issuer.calls).not.toContain('mark');
  });
});
