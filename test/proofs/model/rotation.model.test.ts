import { describe, test } from '@jest/globals';
import process from 'node:process';
import { DEFAULT_ROTATION_POLICY } from '../../../src/core/rotation/rotation-policy.ts';
import { worldAt } from './explore.ts';
import type { Search } from './search.ts';
import {
  addingBlindly,
  disablingEverythingAbove,
  movingBackTooEarly,
  withoutForeignAliases,
  withoutLastCurrent,
  tellingNobody,
  withoutTombstones,
  withoutVersionEtags,
  withRow,
} from './planted.ts';
import { asked, clean, found, search, world } from './searching.ts';

const MINUTES_30 = 30 * 60_000;

/** `MODEL=large npm test -- test/proofs/model` looks at millions of worlds instead of some hundred thousand. */
const LARGE = process.env['MODEL'] === 'large';

describe('I1–I7, I10 and I15 hold in every reachable world', () => {
  const SEARCHES: readonly (readonly [string, Search])[] = [
    ['one worker, a crash anywhere, a lost answer', search(world({ crashes: 1, lost: 1, time: 1 }, 1))],
    ['one worker, a crash and a person', search(world({ crashes: 1, persons: 1, time: 1 }, 1))],
    ['readers of latest only, a crash and a person', search(world({ crashes: 1, persons: 1, time: 1 }, 1, false))],
    [
      'a person twice, who may set an alias on the old version',
      search(world({ persons: 2, time: 1 }, 1), { readers: true }),
    ],
    ['somebody who takes current away', search(world({ persons: 1, time: 1 }, 1), { takers: true })],
    ['two workers at every call', search(world({ time: 1 }, 2))],
    [
      'a new key that Google refuses, a crash and a person',
      search({ ...world({ crashes: 1, persons: 1, time: 2 }, 1), badMints: true }),
    ],
    [
      'an emergency, a crash and a person',
      search(world({ crashes: 1, persons: 1 }, 1), { asked: { ...asked, emergency: true } }),
    ],
  ];
  const LARGER: readonly (readonly [string, Search])[] = [
    ['two workers and a person', search(world({ persons: 1, time: 1 }, 2))],
    ['two workers, a crash', search(world({ crashes: 1, time: 1 }, 2))],
    ['one worker, everything at once', search(world({ crashes: 2, lost: 1, persons: 1, time: 2 }, 1))],
    ['two rotations', search(world({ rotations: 2, persons: 1, crashes: 1, time: 2 }, 1))],
    ['two workers, a refused key', search({ ...world({ time: 2 }, 2), badMints: true })],
  ];
  test.each(LARGE ? [...SEARCHES, ...LARGER] : SEARCHES)(
    '%s',
    async (title, wanted) => clean(title, wanted),
    3_600_000,
  );

  test('and while the old key is retired, two workers and a person who rolls back', async () => {
    const first = await worldAt(search(world({ persons: 1 }, 2)), 'drained');
    await clean('two workers, a rollback while retiring', search(first));
  }, 600_000);

  test('and while consumers take up the new key, somebody who takes current away, and does it again', async () => {
    const first = await worldAt(search(world({ persons: 2, time: 1 }, 1)), 'promoted');
    await clean('current taken away twice', search(first, { takers: true }));
  }, 600_000);

  test('and another tool that writes the old key back, while it is retired and after that', async () => {
    const first = await worldAt(search(world({ persons: 2, time: 1 }, 1)), 'drained');
    await clean('the old key written back', search(first, { writers: true }));
  }, 600_000);

  test('a worker that outlives its lease leaves only what the sweep and the adoption rule clean up', async () => {
    const first = await worldAt(search(world({ time: LARGE ? 2 : 1 }, 2)), 'opened');
    await clean('slow workers', search(first, { slowWorkers: true }));
  }, 600_000);
});

describe('a planted fault is found, with the path to it', () => {
  test('no lease: a stale worker mints after the discard', async () => {
    await withRow('opened', { leased: false }, () =>
      withRow('abandoned', { leased: false }, () => found(search(world({ persons: 1 }, 2)), /^I5/)),
    );
  });

  test('disable without the version’s etag: the key just rolled back to is disabled', async () => {
    const first = await worldAt(search(world({ persons: 1 }, 2)), 'drained');
    await found(search(first, { effect: withoutVersionEtags }), /^I1/);
  });

  test('“disable everything above from”: a person’s version is disabled', () =>
    found(search(world({ persons: 2 }, 1), { effect: disablingEverythingAbove }), /^I10/));

  test('alias back before enable: current points at a disabled version', async () => {
    const first = await worldAt(search(world({ persons: 1 }, 2)), 'drained');
    await found(search(first, { effect: movingBackTooEarly }), /^I[12]/);
  });

  test('promote without verify', () =>
    withRow('minted', { done: 'verified' }, () => found(search(world({}, 1)), /^I2/)));

  test('blind to other people’s aliases: the old version is disabled under its reader', async () => {
    const first = await worldAt(search(world({ persons: 1 }, 1)), 'promoted');
    const readers = { readers: true, effect: withoutForeignAliases };
    await found(search({ ...first, left: { ...first.left, time: 2 } }, readers), /^I10.*alias of theirs/);
  });

  test('no memory of where current was left: it stays away', async () => {
    const first = await worldAt(search(world({ persons: 1 }, 1)), 'promoted');
    await found(search(first, { takers: true, effect: withoutLastCurrent }), /^I1: an alias that somebody took away/);
  });

  test('no tombstone: the old key that another tool wrote back is promoted', async () => {
    const first = await worldAt(search(world({ persons: 1, time: 1 }, 1)), 'drained');
    await found(search(first, { writers: true, effect: withoutTombstones }), /^I14/);
  });

  test('retire before the drain ends', async () => {
    const hasty = { policy: { drainHoursMin: 0 }, truth: DEFAULT_ROTATION_POLICY, stepMs: MINUTES_30 };
    const first = await worldAt(search(world({ time: 6 }, 1), hasty), 'promoted');
    await found(search(first, hasty), /^I4/);
  });

  test('a commit that forgets whom to tell', () => found(search(world({}, 1), { effect: tellingNobody }), /^I15/));

  test('add without looking first', () =>
    found(search(world({ lost: 1, time: 1 }, 1), { effect: addingBlindly }), /^I5/));
});
