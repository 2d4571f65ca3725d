import { expect, test } from '@jest/globals';
import { soFar } from '../../../src/app/check/so-far.ts';
import { unremembered } from '../../../src/app/check/settle.ts';
import { seenIn } from '../../../src/core/health/tally.ts';
import { findingOf } from '../../support/findings.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage } from '../../support/stage.ts';

test('of 20,000 secrets a run keeps as many as it was told to, and counts them all', async () => {
  const on = stage();
  const found = await on.found(await on.secret('app', [GOOD_KEY]));
  const seen = soFar({ ...ORDER, listedMax: 10, recordedMax: 20 }, on.clock.now());
  const { checks: policy } = ORDER.secretPolicy;
  for (let n = 0; n < 20_000; n += 1) {
    const at = seen.listed(found);
    const finding = findingOf(`projects/1/secrets/s${n}`, n % 4 === 0 ? 'key_invalid' : 'ok');
    const settled = n % 8 === 0 ? undefined : unremembered(finding);
    seen.looked(found, { at, item: { sighting: found.sighting, finding, policy } }, settled);
  }
  const { settled, waiting, beyond, tallies, expected, census } = seen.whole();
  expect({ settled: settled.length, waiting: waiting.length }).toEqual({ settled: 10, waiting: 20 });
  const counted = [...tallies.values(), ...beyond.values()].map((tally) => seenIn(tally));
  expect({ expected, counted }).toEqual({ expected: 20_000, counted: [20_000, 2_480] });
  expect(census.groups).toEqual([{ kind: 'unknown', age: 'unknown', count: 20_000 }]);
});

test('what was listed and not reached counts as a key, and as missed', async () => {
  const on = stage();
  const found = await on.found(await on.secret('app', [DEAD_KEY]));
  const seen = soFar(ORDER, on.clock.now());
  seen.listed(found);
  seen.missed(found);
  expect(seen.whole()).toMatchObject({
    expected: 1,
    missed: 1,
    settled: [],
    waiting: [],
    census: { groups: [{ count: 1 }] },
  });
});
