import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { holdersIn } from '../../../src/app/listing/holders.ts';
import type { SecretScope } from '../../../src/app/ports/ports.ts';
import { keysOnRecord, sweep } from '../../../src/app/purge/sweep.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { rotationIdPrefix } from '../../../src/core/rotation/begin-rotation.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, writeHistory, writeRetired } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { MANAGED, SCOPE } from '../../support/stage.ts';

/** The stage's project as Google names it: it is known without a look. */
const BY_NUMBER = { project: '123456789012', location: 'global' };

/** A key of a rotation of the stage's secret, a day old, that nothing knows of. */
async function sweepStage() {
  const on = await rotationStage();
  const { issuer, secret, ports, vault, clock } = on;
  const rotation = `${rotationIdPrefix(secret)}9`;
  const orphan = issuer.plant({
    project: SCOPE.project,
    keyId: rotation,
    annotations: { 'key-warden-rotation': rotation, 'key-warden-secret': secret },
  });
  await clock.sleep(24 * HOUR_MS);
  return {
    ...on,
    orphan,
    remember: async (annotations: Record<string, string | null>) =>
      vault.commit(await vault.look(secret), { annotations }),
    swept: (dryRun = false, scopes: readonly SecretScope[] = [BY_NUMBER]) =>
      sweep(ports, {
        project: SCOPE.project,
        scopes,
        dryRun,
        secretPolicy: DEFAULT_SECRET_POLICY,
        holders: holdersIn(ports, { scopes: [SCOPE], concurrency: 2 }),
      }),
    alive: async () => (await issuer.look(orphan.name)).deletedAt === undefined,
  };
}

describe('a key that a rotation made', () => {
  test('and that nothing knows of is deleted', async () => {
    const { swept, orphan, secret, alive } = await sweepStage();
    expect(await swept()).toMatchObject([{ key: orphan.name, secret, outcome: 'done' }]);
    expect(await alive()).toBe(false);
  });

  test('is only named in a dry run', async () => {
    const { swept, alive } = await sweepStage();
    expect(await swept(true)).toMatchObject([{ outcome: 'would_do' }]);
    expect(await alive()).toBe(true);
  });

  test('is deleted also when its secret is gone', async () => {
    const { swept, vault, alive } = await sweepStage();
    vault.failNext('look', new Fault('not_found', 'no such secret'));
    expect(await swept()).toMatchObject([{ outcome: 'done' }]);
    expect(await alive()).toBe(false);
  });

  test('is kept and named when somebody uses it, or the issuer does not answer', async () => {
    const { swept, issuer, orphan } = await sweepStage();
    issuer.use(orphan.name);
    expect(await swept()).toMatchObject([{ outcome: 'refused' }]);
    issuer.failNext('delete', new Fault('unavailable', 'no answer'));
    expect(await swept()).toMatchObject([{ outcome: 'failed', why: 'no answer' }]);
  });

  test('is kept while its secret cannot be looked at', async () => {
    const { swept, vault, alive } = await sweepStage();
    vault.failNext('look', new Fault('denied', 'you may not'));
    expect(await swept()).toMatchObject([{ outcome: 'failed', why: 'you may not' }]);
    expect(await alive()).toBe(true);
  });
});

describe('no orphan is (I5)', () => {
  test('a key without both marks, or one that is younger than a day', async () => {
    const { issuer, swept, secret, orphan } = await sweepStage();
    await swept();
    issuer.plant({ project: SCOPE.project, annotations: { 'key-warden-secret': secret } });
    issuer.plant({ project: SCOPE.project, annotations: { 'key-warden-rotation': 'kw-8' } });
    issuer.plant({ project: SCOPE.project, annotations: orphan.annotations });
    expect(await swept()).toEqual([]);
  });

  test.each([
    [
      'the rotation in flight',
      (name: string): [string, string | null] => [
        ROTATION_ANNOTATION,
        writeJournal(inFlight({ id: name.slice(name.lastIndexOf('/') + 1) })),
      ],
    ],
    [
      'the ledger',
      (name: string): [string, string | null] => [
        RETIRED_ANNOTATION,
        writeRetired([{ version: 1, key: { name, uid: 'u' }, at: NOW, rotation: 'kw-9' }]),
      ],
    ],
    [
      'the history, as the current key',
      (name: string): [string, string | null] => [
        HISTORY_ANNOTATION,
        writeHistory([
          { id: 'kw-9', reason: 'age', outcome: 'completed', from: 1, to: 2, toKey: { name, uid: 'u' }, at: NOW },
        ]),
      ],
    ],
    ['a journal of a newer release', (): [string, string | null] => [ROTATION_ANNOTATION, '{"v":9}']],
    ['a ledger of a newer release', (): [string, string | null] => [RETIRED_ANNOTATION, '{"v":9}']],
    ['a history of a newer release', (): [string, string | null] => [HISTORY_ANNOTATION, '{"v":9}']],
  ])('a key that %s knows', async (_, record) => {
    const { swept, remember, orphan } = await sweepStage();
    const [annotation, value] = record(orphan.name);
    await remember({ [annotation]: value });
    expect(await swept()).toEqual([]);
  });

  test('a key that was moved to another secret, also when its own is gone (I13)', async () => {
    const { swept, vault, issuer, orphan, alive } = await sweepStage();
    const moved = vault.create(SCOPE, 'moved', { labels: MANAGED });
    await vault.add(moved, new TextEncoder().encode((await issuer.keyString(orphan.name)).reveal()));
    expect(await swept()).toEqual([]);
    vault.failNext('look', new Fault('not_found', 'no such secret'));
    expect(await swept()).toEqual([]);
    expect(await alive()).toBe(true);
  });

  test('a key that a version holds, whatever the annotations say', async () => {
    const { swept, issuer, orphan, add } = await sweepStage();
    await add((await issuer.keyString(orphan.name)).reveal());
    expect(await swept()).toEqual([]);
  });

  test('but a key of an abandoned rotation is, and one beside another rotation in flight', async () => {
    const { swept, remember, orphan } = await sweepStage();
    const toKey = { name: orphan.name, uid: 'u' };
    await remember({
      [HISTORY_ANNOTATION]: writeHistory([
        { id: 'kw-9', reason: 'age', outcome: 'abandoned', from: 1, toKey, at: NOW },
      ]),
      [ROTATION_ANNOTATION]: writeJournal(inFlight({ id: 'kw-10' })),
    });
    expect(await swept()).toMatchObject([{ outcome: 'done' }]);
  });
});

test('a key that is on record in the list the run began with needs no other look', async () => {
  const { ports, orphan, secret, remember, vault } = await sweepStage();
  const key = { name: orphan.name, uid: orphan.uid };
  const listed = async () => new Map([[secret, keysOnRecord(await vault.look(secret))]]);
  await remember({ [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: NOW, rotation: 'kw-0' }]) });
  const before = await listed();
  const calls = vault.calls.length;
  const order = {
    project: SCOPE.project,
    dryRun: false,
    secretPolicy: DEFAULT_SECRET_POLICY,
    holders: NOBODY,
    scopes: [SCOPE],
  };
  expect(await sweep(ports, order, before)).toEqual([]);
  expect(vault.calls.slice(calls)).toEqual([]);
  await remember({ [RETIRED_ANNOTATION]: null });
  expect(await sweep(ports, order, await listed())).toMatchObject([{ outcome: 'done' }]);
});

test('what an earlier release completed without a name for its key is on no record', async () => {
  const { remember } = await sweepStage();
  const past = { id: 'kw-0', reason: 'request', outcome: 'completed', from: 1, to: 2, at: NOW } as const;
  const { record } = await remember({ [HISTORY_ANNOTATION]: writeHistory([past]) });
  expect(keysOnRecord({ record })).toEqual({ names: [], inFlight: undefined });
});

test('no key is swept by a clock that disagrees with Google’s', async () => {
  const { ports, clock } = await sweepStage();
  const wrong = { ...clock, aheadMs: () => Promise.resolve(86_400_000) };
  const order = {
    project: SCOPE.project,
    dryRun: false,
    secretPolicy: DEFAULT_SECRET_POLICY,
    holders: NOBODY,
    scopes: [SCOPE],
  };
  await expect(sweep({ ...ports, clock: wrong }, order)).rejects.toMatchObject({ code: 'wrong_state' });
});

describe('marks that prove nothing (I16)', () => {
  const ELSEWHERE = 'projects/999999999999/secrets/victim';
  const marked = (secret: string, rotation: string) => ({
    'key-warden-secret': secret,
    'key-warden-rotation': rotation,
  });

  test('a key of a secret outside the settings is told of and left alone; many are one line', async () => {
    const { swept, issuer, vault, clock } = await sweepStage();
    await swept();
    const others = [1, 2].map((number) => {
      const keyId = `${rotationIdPrefix(ELSEWHERE)}${number}`;
      return issuer.plant({ project: SCOPE.project, keyId, annotations: marked(ELSEWHERE, keyId) });
    });
    await clock.sleep(24 * HOUR_MS);
    const calls = vault.calls.length;
    expect(await swept(false, [SCOPE])).toEqual([
      {
        key: others[0]?.name,
        secret: ELSEWHERE,
        outcome: 'outside',
        why: expect.stringMatching(
          /is in none of the projects and locations .* \(and 1 more key with marks like these\)$/,
        ),
      },
    ]);
    expect(vault.calls.slice(calls)).not.toContainEqual(expect.arrayContaining([ELSEWHERE]));
    for (const { name } of others) expect((await issuer.look(name)).deletedAt).toBeUndefined();
  });

  test('a key that somebody marked by hand is told of and left alone: its id is no rotation’s of the secret', async () => {
    const { swept, issuer, secret, clock } = await sweepStage();
    await swept();
    const { rotation, ...named } = { rotation: `${rotationIdPrefix(secret)}7`, keyId: 'chat-key' };
    const chat = issuer.plant({ project: SCOPE.project, ...named, annotations: marked(secret, rotation) });
    await clock.sleep(24 * HOUR_MS);
    const why = expect.stringMatching(/marked it by hand/);
    expect(await swept()).toMatchObject([{ key: chat.name, outcome: 'outside', why }]);
    const keyId = `${rotationIdPrefix(ELSEWHERE)}7`;
    const other = issuer.plant({ project: SCOPE.project, keyId, annotations: marked(secret, keyId) });
    await clock.sleep(24 * HOUR_MS);
    expect(await swept()).toMatchObject([{ outcome: 'outside', why: expect.stringMatching(/and 1 more key/) }]);
    for (const { name } of [chat, other]) expect((await issuer.look(name)).deletedAt).toBeUndefined();
  });

  test('a key whose secret is gone is swept where others of its project were listed, and outside else', async () => {
    const { ports, secret, vault, issuer, clock } = await sweepStage();
    const gone = `${secret}-gone`;
    const keyId = `${rotationIdPrefix(gone)}7`;
    const key = issuer.plant({ project: SCOPE.project, keyId, annotations: marked(gone, keyId) });
    await clock.sleep(24 * HOUR_MS);
    const order = {
      project: SCOPE.project,
      dryRun: true,
      secretPolicy: DEFAULT_SECRET_POLICY,
      holders: NOBODY,
      scopes: [SCOPE],
    };
    const of = (lines: readonly { readonly key: string }[]) => lines.filter((line) => line.key === key.name);
    expect(of(await sweep(ports, order))).toMatchObject([{ outcome: 'outside' }]);
    const listed = new Map([[secret, keysOnRecord(await vault.look(secret))]]);
    expect(of(await sweep(ports, order, listed))).toMatchObject([{ outcome: 'would_do' }]);
  });

  test('a key is kept while it cannot be told whether its secret lies within', async () => {
    const { ports, vault } = await sweepStage();
    vault.failNext('look', new Fault('denied', 'you may not'));
    const order = {
      project: SCOPE.project,
      dryRun: false,
      secretPolicy: DEFAULT_SECRET_POLICY,
      holders: NOBODY,
      scopes: [SCOPE],
    };
    expect(await sweep(ports, order)).toMatchObject([{ outcome: 'failed', why: 'you may not' }]);
  });
});
