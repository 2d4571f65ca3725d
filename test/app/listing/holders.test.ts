import { describe, expect, test } from '@jest/globals';
import { gatherKept } from '../../../src/app/listing/gather.ts';
import { servingOf } from '../../../src/app/listing/serving.ts';
import {
  freeingText,
  holdersIn,
  holdersText,
  notLookedText,
  type HoldersOrder,
} from '../../../src/app/listing/holders.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { MINUTE_MS } from '../../../src/core/values/time.ts';
import { DEAD_KEY, GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

const SCOPES = { scopes: [SCOPE], concurrency: 4 };
const KEY = new KeyText(GOOD_KEY);
const SEARCH = `projects/${SCOPE.project}/secrets/search`;

/** `search` serves the key; what else is there is the test's. */
async function holdersStage() {
  const on = stage();
  const search = await on.secret('search', [GOOD_KEY]);
  return { ...on, search, ask: () => holdersIn(on.ports, SCOPES).othersOf(KEY, search) };
}

describe('another holder of a key is a managed secret that', () => {
  test.each([
    ['serves it as current', [DEAD_KEY, GOOD_KEY, STANDARD_KEY], { current: 2 }, [{ version: 2, readAs: 'current' }]],
    ['serves it as latest, past current', [STANDARD_KEY, GOOD_KEY], { current: 1 }, [{ version: 2, readAs: 'latest' }]],
    ['has no alias, and serves it as latest', [GOOD_KEY], { current: null }, [{ version: 1, readAs: 'latest' }]],
    ['has it among other text', [JSON.stringify({ key: GOOD_KEY, other: 1 })], {}, [{ version: 1, readAs: 'current' }]],
  ])('%s', async (_, payloads, fields, expected) => {
    const { secret, ask } = await holdersStage();
    const ads = await secret('ads', payloads, fields);
    expect(await ask()).toEqual(expected.map((one) => ({ secret: ads, ...one })));
  });

  test('serves it under somebody’s own alias', async () => {
    const { secret, vault, ask } = await holdersStage();
    const ads = await secret('ads', [GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(ads), { aliases: { stable: 1 } });
    expect(await ask()).toEqual([{ secret: ads, version: 1, readAs: 'stable' }]);
  });
});

describe('no other holder of a key is', () => {
  test('the secret that is asked for, and a secret with another key', async () => {
    const { secret, ask } = await holdersStage();
    await secret('ads', [STANDARD_KEY]);
    expect(await ask()).toEqual([]);
  });

  test('a secret whose version nobody can read, or one that is not under care', async () => {
    const { secret, vault, ask } = await holdersStage();
    const ads = await secret('ads', [GOOD_KEY]);
    await vault.disable(ads, await vault.lookVersion(ads, 1));
    await secret('theirs', [GOOD_KEY], { labels: {} });
    expect(await ask()).toEqual([]);
  });
});

describe('what could not be looked at', () => {
  test('is said where somebody must mend it, and the rest is known', async () => {
    const { secret, vault, ports, search } = await holdersStage();
    const ads = await secret('ads', [GOOD_KEY]);
    await secret('a-closed-one', [GOOD_KEY]);
    vault.failNext('read', new Fault('denied', 'you may not'));
    const holders = holdersIn(ports, { ...SCOPES, concurrency: 1 });
    expect(await holders.othersOf(KEY, search)).toEqual([{ secret: ads, version: 1, readAs: 'current' }]);
    expect(holders.notLooked()).toEqual([expect.stringMatching(/secrets\/a-closed-one: you may not$/)]);
  });

  test('is said of a project that may not be listed, unless the run says it of its own list', async () => {
    const { vault, ports, search } = await holdersStage();
    vault.failNext('list', new Fault('denied', 'you may not'));
    const holders = holdersIn(ports, SCOPES);
    await holders.othersOf(KEY, search);
    expect(holders.notLooked()).toEqual([
      `project ${SCOPE.project} (${SCOPE.location}) was not listed to the end: you may not`,
    ]);
    vault.failNext('list', new Fault('denied', 'you may not'));
    const listed = holdersIn(ports, SCOPES, await gatherKept(vault, SCOPES, ({ sighting }) => servingOf(sighting)));
    expect([await listed.othersOf(KEY, search), listed.notLooked()]).toEqual([[], []]);
  });

  test.each([['list' as const], ['read' as const]])('is no answer where trouble with %s passes', async (call) => {
    const { vault, ask } = await holdersStage();
    vault.failNext(call, new Fault('unavailable', 'no answer'));
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('no answer') });
  });
});

describe('whoever is found is looked at once more, so that a holder', () => {
  async function found() {
    const on = await holdersStage();
    const ads = await on.secret('ads', [GOOD_KEY, STANDARD_KEY], { current: 1 });
    const holders = holdersIn(on.ports, SCOPES);
    const ask = () => holders.othersOf(KEY, on.search);
    const seen = [{ secret: ads, version: 1, readAs: 'current' }];
    expect(await ask()).toEqual(seen);
    return { ...on, ads, ask, seen };
  }

  test('whose rotation ended meanwhile is none any more, without another reading of all', async () => {
    const { vault, ads, ask } = await found();
    await vault.commit(await vault.look(ads), { aliases: { current: 2 } });
    const before = vault.calls.length;
    expect(await ask()).toEqual([]);
    expect(vault.calls.slice(before)).toEqual(['look', 'read']);
  });

  test('that was deleted meanwhile is none', async () => {
    const { vault, ask } = await found();
    vault.failNext('look', new Fault('not_found', 'gone'));
    expect(await ask()).toEqual([]);
  });

  test.each([['look' as const], ['read' as const]])('that cannot be seen again (%s) stays one', async (call) => {
    const { vault, ask, seen } = await found();
    vault.failNext(call, new Fault('denied', 'you may not'));
    expect(await ask()).toEqual(seen);
  });
});

test('of a key that half of the fleet serves, twenty holders are looked at once more', async () => {
  const { vault, ports, secret, search } = await holdersStage();
  for (let at = 1; at <= 25; at += 1) await secret(`s-${at}`, [GOOD_KEY]);
  const before = vault.calls.length;
  expect(await holdersIn(ports, SCOPES).othersOf(KEY, search)).toHaveLength(25);
  expect(vault.calls.slice(before).filter((call) => call === 'look')).toHaveLength(20);
});

test('2,000 secrets cost one look at each page of the list and two accesses a secret, once a run', async () => {
  const { vault, ports, secret, search } = await holdersStage();
  for (let at = 1; at < 2_000; at += 1) {
    const name = await secret(`s-${at}`, [DEAD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(name), { aliases: { previous: 1 } });
  }
  const before = vault.calls.length;
  const holders = holdersIn(ports, { ...SCOPES, concurrency: 16 });
  await holders.othersOf(KEY, search);
  await holders.othersOf(new KeyText(`AIza${'z'.repeat(35)}`), search);
  const calls = vault.calls.slice(before);
  expect(calls.filter((call) => call === 'list')).toHaveLength(1);
  expect(calls.filter((call) => call === 'read')).toHaveLength(3_999);
  expect(calls).toHaveLength(4_000);
});

describe('before a key is deleted, a holder is as well who', () => {
  /** `ads` has its key in `version`, which no name leads to. */
  async function pinned(payloads: readonly string[], scopes: HoldersOrder = SCOPES) {
    const on = await holdersStage();
    const ads = await on.secret('ads', payloads);
    const holders = holdersIn(on.ports, scopes);
    return { ...on, ads, holders, ask: () => holders.othersBeforeDeletion(KEY, on.search) };
  }

  test('has it in an enabled version that only its number leads to', async () => {
    const { ads, ask, holders, search } = await pinned([DEAD_KEY, GOOD_KEY, STANDARD_KEY]);
    expect(await holders.othersOf(KEY, search)).toEqual([]);
    expect(await ask()).toEqual([{ secret: ads, version: 2, readAs: 'by its number alone' }]);
  });

  test('is none once that version is disabled, as people are told to do', async () => {
    const { vault, ads, ask } = await pinned([GOOD_KEY, STANDARD_KEY]);
    const found = await ask();
    expect(freeingText(found)).toBe(
      'Disable what nobody reads by its number any more, and a later purge deletes it: gcloud secrets versions disable 1 --secret=ads --project=' +
        ads.split('/')[1],
    );
    vault.failNext('read', new Fault('denied', 'you may not'));
    expect(await ask()).toEqual(found);
    await vault.disable(ads, await vault.lookVersion(ads, 1));
    expect(await ask()).toEqual([]);
  });

  test('has so many versions that they are listed, or a newest one that nobody can read', async () => {
    const many = Array.from({ length: 25 }, (_, at) => (at === 2 ? GOOD_KEY : `${DEAD_KEY}${at}`));
    const long = await pinned(many);
    expect(await long.ask()).toMatchObject([{ secret: long.ads, version: 3 }]);
    expect(long.vault.calls.filter((call) => call === 'versions')).toHaveLength(1);
    const { vault, ads, ask } = await pinned([GOOD_KEY, STANDARD_KEY, DEAD_KEY]);
    await vault.disable(ads, await vault.lookVersion(ads, 3));
    expect(await ask()).toMatchObject([{ secret: ads, version: 1 }]);
  });

  test('is not looked for where somebody serves it by a name', async () => {
    const { vault, ask } = await pinned([DEAD_KEY, STANDARD_KEY, GOOD_KEY]);
    const before = vault.calls.length;
    expect(await ask()).toMatchObject([{ version: 3, readAs: 'current' }]);
    expect(vault.calls.slice(before)).not.toContain('versions');
  });

  test('is not known where trouble passes or there is no time left, and said where it does not pass', async () => {
    const passing = await pinned([GOOD_KEY, STANDARD_KEY]);
    const { vault, holders, search } = passing;
    await holders.othersOf(KEY, search);
    vault.failNext('read', new Fault('unavailable', 'no answer'));
    await expect(passing.ask()).rejects.toMatchObject({ code: 'unavailable', message: 'no answer' });
    const late = await pinned([GOOD_KEY, STANDARD_KEY], { ...SCOPES, inTime: () => false });
    await expect(late.ask()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'who else holds the key is not known: there was no time left for the versions of 2 secrets',
    });
    const closed = await pinned([DEAD_KEY, GOOD_KEY, STANDARD_KEY]);
    await closed.holders.othersOf(KEY, closed.search);
    closed.vault.failNext('read', new Fault('denied', 'you may not'));
    expect([await closed.ask(), closed.holders.notLooked()]).toEqual([[], [`${closed.ads}: you may not`]]);
  });

  test.each([
    ['serves nobody where it is gone by then', 'not_found', []],
    ['is said where its versions may not be listed', 'denied', [expect.stringContaining('no list')]],
  ] as const)('%s', async (_, code, notLooked) => {
    const { vault, ads, ask, holders, search } = await pinned([GOOD_KEY, STANDARD_KEY, DEAD_KEY]);
    await vault.disable(ads, await vault.lookVersion(ads, 3));
    await holders.othersOf(KEY, search);
    vault.failNext('versions', new Fault(code, 'no list'));
    expect([await ask(), holders.notLooked()]).toEqual([[], notLooked]);
  });
});

describe('2,000 secrets, before a key is deleted,', () => {
  /** Each secret was rotated so often: all but the newest version are disabled, and two of them have a name. */
  async function fleet(rotations: number) {
    const on = await holdersStage();
    const { vault, ports, secret, search, clock } = on;
    const payloads = [...Array.from({ length: rotations }, () => DEAD_KEY), STANDARD_KEY];
    for (let at = 1; at < 2_000; at += 1) {
      const name = await secret(`s-${at}`, payloads);
      await vault.commit(await vault.look(name), { aliases: { previous: rotations } });
      for (const version of await vault.versions(name))
        if (version.number <= rotations) await vault.disable(name, version);
    }
    const [before, startedAt] = [vault.calls.length, clock.now()];
    const holders = holdersIn(ports, { ...SCOPES, concurrency: 16 });
    for (const key of [KEY, new KeyText(`AIza${'z'.repeat(35)}`)])
      expect(await holders.othersBeforeDeletion(key, search)).toEqual([]);
    const calls = vault.calls.slice(before);
    const count = (call: string) => calls.filter((one) => one === call).length;
    return {
      list: count('list'),
      read: count('read'),
      versions: count('versions'),
      all: calls.length,
      ms: clock.now() - startedAt,
    };
  }

  test('cost no more than what they serve where each was rotated once', async () => {
    expect(await fleet(1)).toEqual({ list: 1, read: 3_999, versions: 0, all: 4_000, ms: 0 });
  });

  test('cost one access more for each version without a name where each was rotated five times, and no list', async () => {
    expect(await fleet(5)).toEqual({ list: 1, read: 3_999 + 4 * 1_999, versions: 0, all: 11_996, ms: 0 });
  });

  test('are listed where each was rotated 24 times, 400 a minute, and what is disabled is not read', async () => {
    expect(await fleet(24)).toEqual({ list: 1, read: 3_999, versions: 1_999, all: 5_999, ms: 4 * MINUTE_MS });
  });
});

test('people are told of five holders by name, and of the first place that was not looked at', () => {
  const holder = { secret: SEARCH, version: 3, readAs: 'current' };
  expect(holdersText([holder])).toBe(`${SEARCH} version 3 (current)`);
  expect(holdersText(Array.from({ length: 7 }, () => holder))).toMatch(/\(current\) and 2 more secrets$/);
  expect(notLookedText([])).toBeUndefined();
  expect(notLookedText(['a', 'b'])).toBe(
    'not looked at for copies of the keys to delete: 2 places, of which the first: a',
  );
});
