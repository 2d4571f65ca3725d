import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { holdersIn } from '../../../src/app/listing/holders.ts';
import { sweep } from '../../../src/app/purge/sweep.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, writeHistory, writeRetired } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { MANAGED, SCOPE } from '../../support/stage.ts';

/** A key of rotation kw-9 of the stage's secret, a day old, that nothing knows of. */
async function sweepStage() {
  const on = await rotationStage();
  const { issuer, secret, ports, vault, clock } = on;
  const orphan = issuer.plant({
    project: SCOPE.project,
    keyId: 'kw-9',
    annotations: { 'key-warden-rotation': 'kw-9', 'key-warden-secret': secret },
  });
  await clock.sleep(24 * HOUR_MS);
  return {
    ...on,
    orphan,
    remember: async (annotations: Record<string, string | null>) =>
      vault.commit(await vault.look(secret), { annotations }),
    swept: (dryRun = false) =>
      sweep(ports, { project: SCOPE.project, dryRun, holders: holdersIn(vault, { scopes: [SCOPE], concurrency: 2 }) }),
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
      (): [string, string | null] => [ROTATION_ANNOTATION, writeJournal(inFlight({ id: 'kw-9' }))],
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
  const listed = async () => new Map([[secret, await vault.look(secret)]]);
  await remember({ [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: NOW, rotation: 'kw-0' }]) });
  const before = await listed();
  const calls = vault.calls.length;
  const order = { project: SCOPE.project, dryRun: false, holders: NOBODY };
  expect(await sweep(ports, order, before)).toEqual([]);
  expect(vault.calls.slice(calls)).toEqual([]);
  await remember({ [RETIRED_ANNOTATION]: null });
  expect(await sweep(ports, order, await listed())).toMatchObject([{ outcome: 'done' }]);
});

test('no key is swept by a clock that disagrees with Google’s', async () => {
  const { ports, clock } = await sweepStage();
  const wrong = { ...clock, aheadMs: () => Promise.resolve(86_400_000) };
  const order = { project: SCOPE.project, dryRun: false, holders: NOBODY };
  await expect(sweep({ ...ports, clock: wrong }, order)).rejects.toMatchObject({ code: 'wrong_state' });
});
