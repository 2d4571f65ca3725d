import { describe, expect, test } from '@jest/globals';
import { gather } from '../../../src/app/listing/gather.ts';
import { holdersIn, holdersText, notLookedText } from '../../../src/app/listing/holders.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { DEAD_KEY, GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

const SCOPES = { scopes: [SCOPE], concurrency: 4 };
const KEY = new KeyText(GOOD_KEY);
const SEARCH = `projects/${SCOPE.project}/secrets/search`;

/** `search` serves the key; what else is there is the test's. */
async function holdersStage() {
  const on = stage();
  const search = await on.secret('search', [GOOD_KEY]);
  return { ...on, search, ask: () => holdersIn(on.vault, SCOPES).othersOf(KEY, search) };
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
    const { secret, vault, search } = await holdersStage();
    const ads = await secret('ads', [GOOD_KEY]);
    await secret('a-closed-one', [GOOD_KEY]);
    vault.failNext('read', new Fault('denied', 'you may not'));
    const holders = holdersIn(vault, { ...SCOPES, concurrency: 1 });
    expect(await holders.othersOf(KEY, search)).toEqual([{ secret: ads, version: 1, readAs: 'current' }]);
    expect(holders.notLooked()).toEqual([expect.stringMatching(/secrets\/a-closed-one: you may not$/)]);
  });

  test('is said of a project that may not be listed, unless the run says it of its own list', async () => {
    const { vault, search } = await holdersStage();
    vault.failNext('list', new Fault('denied', 'you may not'));
    const holders = holdersIn(vault, SCOPES);
    await holders.othersOf(KEY, search);
    expect(holders.notLooked()).toEqual([
      `project ${SCOPE.project} (${SCOPE.location}) was not listed to the end: you may not`,
    ]);
    vault.failNext('list', new Fault('denied', 'you may not'));
    const listed = holdersIn(vault, SCOPES, await gather(vault, SCOPES));
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
    const holders = holdersIn(on.vault, SCOPES);
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
  const { vault, secret, search } = await holdersStage();
  for (let at = 1; at <= 25; at += 1) await secret(`s-${at}`, [GOOD_KEY]);
  const before = vault.calls.length;
  expect(await holdersIn(vault, SCOPES).othersOf(KEY, search)).toHaveLength(25);
  expect(vault.calls.slice(before).filter((call) => call === 'look')).toHaveLength(20);
});

test('2,000 secrets cost one look at each page of the list and two accesses a secret, once a run', async () => {
  const { vault, secret, search } = await holdersStage();
  for (let at = 1; at < 2_000; at += 1) {
    const name = await secret(`s-${at}`, [DEAD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(name), { aliases: { previous: 1 } });
  }
  const before = vault.calls.length;
  const holders = holdersIn(vault, { ...SCOPES, concurrency: 16 });
  await holders.othersOf(KEY, search);
  await holders.othersOf(new KeyText(`AIza${'z'.repeat(35)}`), search);
  const calls = vault.calls.slice(before);
  expect(calls.filter((call) => call === 'list')).toHaveLength(1);
  expect(calls.filter((call) => call === 'read')).toHaveLength(3_999);
  expect(calls).toHaveLength(4_000);
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
