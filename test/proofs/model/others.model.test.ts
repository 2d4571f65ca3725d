import { describe, test } from '@jest/globals';
import { DAY_MS, MINUTE_MS } from '../../../src/core/values/time.ts';
import { worldAt } from './explore.ts';
import type { Search } from './search.ts';
import {
  closingAtDeletion,
  forgettingLeaks,
  keepingNoForm,
  readingNamesOnly,
  withoutHolders,
  withoutMeter,
} from './planted.ts';
import { asked, clean, found, search, world } from './searching.ts';
import type { World } from './world.ts';

const LEAKED: Partial<Search> = { asked: { ...asked, emergency: true } };
const JOBS: Partial<Search> = { jobs: ['tick', 'purge', 'watch'] };
/** Longer than a drain may take before a person must look. */
const DAYS_8_MS = 8 * DAY_MS;

/** The same with the old key in a field of a document, in both versions that are there. */
function parsed(first: World): World {
  return { ...first, versions: first.versions.map((version) => ({ ...version, form: 'json' })) };
}

/** A rotation that is over, for a leak or without one, with this trouble to come. */
async function over(left: Partial<World['left']>, workers: number, more: Partial<Search> & Partial<World> = LEAKED) {
  const done = await worldAt(search(world({}, workers), more), 'completed');
  return { ...done, left: { ...done.left, ...left } };
}

describe('a second holder of the key (I13)', () => {
  const HOLDERS: Partial<Search> = { ...LEAKED, holders: true };

  test('a crash, and another secret that gets a key of its own and is given the old one again', async () => {
    const first = { ...(await over({ crashes: 1, persons: 2, time: 1 }, 1)), ads: { latest: 'old' } };
    await clean('a second holder', search(first, { ...HOLDERS, jobs: ['purge', 'watch'] }));
  }, 600_000);

  test('two purges at every call', async () => {
    const first = { ...(await over({ time: 1 }, 2)), ads: { latest: 'old' } };
    await clean('a second holder, two purges', search(first, { ...HOLDERS, jobs: ['purge'] }));
  }, 600_000);

  test('and a purge that asks nobody is found', async () => {
    const first = { ...(await over({}, 1)), ads: { latest: 'old' } };
    await found(search(first, { ...LEAKED, ...JOBS, effect: withoutHolders }), /^I13/);
  });

  test('and one that reads only what a name leads to', async () => {
    const first = { ...(await over({ persons: 1 }, 1)), ads: { latest: 'old' } };
    await found(search(first, { ...HOLDERS, ...JOBS, effect: readingNamesOnly }), /^I13/);
  });
});

describe('an open leak (I18)', () => {
  /** A deleted key goes on working for less than the time between two looks. */
  const SLOWLY: Partial<Search> = { ...LEAKED, jobs: ['purge', 'watch'], revivers: true, stepMs: 31 * MINUTE_MS };
  const dying = async (left: Partial<World['left']>) => ({ ...(await over(left, 1)), lingerMs: 25 * MINUTE_MS });

  test('from its beginning, with a crash, a lost answer and a person', async () => {
    await clean('a leak', search(world({ crashes: 1, lost: 1, persons: 1 }, 1), { ...LEAKED, ...JOBS }));
  }, 600_000);

  test('while its key dies slowly, and somebody may take the deletion back', async () => {
    await clean('a slow death', search(await dying({ persons: 1, time: 3 }), SLOWLY));
  }, 600_000);

  test('while its key dies slowly, with a crash', async () => {
    await clean('a slow death, a crash', search(await dying({ crashes: 1, time: 2 }), SLOWLY));
  }, 600_000);

  test('an emergency that forgets it is found', () =>
    found(search(world({}, 1), { ...LEAKED, effect: forgettingLeaks }), /^I18: an emergency/));

  test('and so is one that closes it when the key is deleted', async () => {
    const first = await over({ time: 1 }, 1);
    await found(
      search(first, { ...LEAKED, ...JOBS, effect: closingAtDeletion }),
      /^I18: the leak of version 2 was closed/,
    );
  });
});

describe('consumers that parse what they read (I11)', () => {
  test('a crash, and a person whose version they cannot parse', async () => {
    const first = parsed(world({ crashes: 1, persons: 1, time: 1 }, 1));
    await clean('consumers that parse', search(first, { misformers: true }));
  }, 600_000);

  test('a write that keeps no form is found', () =>
    found(search(parsed(world({}, 1)), { effect: keepingNoForm }), /^I11/));
});

describe('a reader that is pinned to the old version (I4)', () => {
  test('keeps it until it is moved, however long that takes', async () => {
    const done = await worldAt(search(world({}, 1)), 'promoted');
    const first = { ...done, isPinned: true, left: { ...done.left, persons: 1, crashes: 1, time: 2 } };
    await clean('a pinned reader', search(first, { pins: true, stepMs: DAYS_8_MS }));
  }, 600_000);

  test('and a worker that measures nothing is found', async () => {
    const done = await worldAt(search(world({}, 1)), 'promoted');
    const first = { ...done, isPinned: true, left: { ...done.left, time: 1 } };
    await found(search(first, { effect: withoutMeter }), /^I4.*somebody uses its key/);
  });
});

describe('a person who follows the runbook once the rotation is over (I7)', () => {
  test('makes the old version current, there and back again, or enables what was disabled', async () => {
    const done = await over({ persons: 3, time: 1 }, 1, {});
    const versions = done.versions.map((version) => ({ ...version, state: 'enabled' as const }));
    await clean('by hand', search({ ...done, versions }, { hands: true }));
  }, 600_000);
});
