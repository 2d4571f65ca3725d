import { describe, expect, test } from '@jest/globals';
import { findKeys } from '../../../src/app/listing/find-keys.ts';
import { LISTS_A_MINUTE } from '../../../src/app/listing/pace.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { elapsedMs, MINUTE_MS } from '../../../src/core/values/time.ts';
import { DEAD_KEY, GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

const KEY = new KeyText(GOOD_KEY);

function findStage() {
  const on = stage();
  const find = (fields: { keys?: readonly KeyText[]; secrets?: readonly string[] } = {}) =>
    findKeys(on.ports, { scopes: [SCOPE], concurrency: 2, keys: [KEY], ...fields }, () => undefined);
  return { ...on, find };
}

describe('a key that somebody was handed is found', () => {
  test('in every version that can be read, with the names that consumers read it by', async () => {
    const { secret, vault, find } = findStage();
    const ads = await secret('ads', [GOOD_KEY, STANDARD_KEY, GOOD_KEY], { current: 1 });
    await vault.commit(await vault.look(ads), { aliases: { a: 1 } });
    const { places } = await find();
    expect(places).toEqual([
      [
        { secret: ads, version: 3, readAs: ['latest'], managed: true },
        { secret: ads, version: 1, readAs: ['current', 'a'], managed: true },
      ],
    ]);
  });

  test('where no alias names it, among other text, and in a secret that nobody looks after', async () => {
    const { secret, find } = findStage();
    const theirs = await secret('theirs', [`KEY=${GOOD_KEY}\n`, STANDARD_KEY], { labels: {}, current: null });
    expect(await find()).toEqual({
      places: [[{ secret: theirs, version: 1, readAs: [], managed: false }]],
      retired: [[]],
      secrets: 1,
      versions: 2,
      disabled: 0,
      notLooked: [],
      barred: false,
    });
  });

  test('each among several, and one that is nowhere has no place', async () => {
    const { secret, find } = findStage();
    const ads = await secret('ads', [STANDARD_KEY]);
    const { places } = await find({ keys: [KEY, new KeyText(STANDARD_KEY)] });
    expect(places).toMatchObject([[], [{ secret: ads }]]);
  });

  test('in the secrets that are named alone', async () => {
    const { secret, find } = findStage();
    const ads = await secret('ads', [GOOD_KEY]);
    await secret('search', [GOOD_KEY]);
    expect(await find({ secrets: [ads] })).toMatchObject({ places: [[{ secret: ads }]], secrets: 1 });
  });
});

describe('what was not looked at is said', () => {
  test('of a disabled version by its number alone: it serves nobody', async () => {
    const { secret, vault, find } = findStage();
    const ads = await secret('ads', [GOOD_KEY, STANDARD_KEY]);
    await vault.disable(ads, await vault.lookVersion(ads, 1));
    expect(await find()).toMatchObject({ places: [[]], versions: 1, disabled: 1, notLooked: [] });
  });

  test.each([
    ['a project that may not be listed', 'list', 'denied', /^project .* was not listed to the end: no$/, true],
    ['versions that may not be listed', 'versions', 'denied', /\/ads: no$/, true],
    ['a version that may not be read', 'read', 'denied', /\/ads version 1: no$/, true],
    ['a version whose answer did not come', 'read', 'unavailable', /\/ads version 1: no$/, false],
  ] as const)('of %s', async (_, call, code, says, barred) => {
    const { secret, vault, find } = findStage();
    await secret('ads', [GOOD_KEY]);
    vault.failNext(call, new Fault(code, 'no'));
    expect(await find()).toMatchObject({ places: [[]], notLooked: [expect.stringMatching(says)], barred });
  });

  test('of a secret that was named and is not there', async () => {
    const { find } = findStage();
    const ghost = `projects/${SCOPE.project}/secrets/ghost`;
    expect(await find({ secrets: [ghost] })).toMatchObject({
      notLooked: [expect.stringContaining(ghost)],
      barred: true,
    });
  });
});

test('2,000 secrets with two versions cost one list of versions and two accesses each, at the pace of the quota', async () => {
  const { vault, secret, clock, find } = findStage();
  for (let at = 0; at < 2_000; at += 1) await secret(`s-${at}`, [DEAD_KEY, STANDARD_KEY]);
  const [before, from] = [vault.calls.length, clock.now()];
  expect(await find()).toMatchObject({ places: [[]], secrets: 2_000, versions: 4_000 });
  const calls = vault.calls.slice(before);
  const count = (wanted: string) => calls.filter((call) => call === wanted).length;
  expect([count('list'), count('versions'), count('read'), calls.length]).toEqual([1, 2_000, 4_000, 6_001]);
  expect(elapsedMs(from, clock.now())).toBe((2_000 / LISTS_A_MINUTE - 1) * MINUTE_MS);
});
