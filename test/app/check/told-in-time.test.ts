import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { HOUR_MS, MINUTE_MS, elapsedMs, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { dice } from '../../proofs/faults/chance.ts';
import { GOOD_KEY, ORDER, stage } from '../../support/stage.ts';
import type { Scripted } from '../../support/twins/memory-prober.ts';

const RUN_MINUTES = 10;
const SCHEDULED = { ...ORDER, deep: 'when_due', runEveryMinutes: RUN_MINUTES } as const;

const refusal = (code: number, message: string): Scripted => ({ status: code, body: { error: { code, message } } });

/** Trouble that begins at any minute of a day, after a deep look that was good, for a secret whose own moment may be any: how long it lasts until it is told, and what the run says of it. */
async function toldAfter(seed: number, depth: 'list' | 'generate', trouble: Scripted) {
  const on = stage();
  const roll = dice(seed);
  const name = await on.secret(`secret-${roll(100_000)}`, [GOOD_KEY]);
  const brokenAt = plusMs(on.clock.now(), 5 * HOUR_MS + roll(24 * 60) * MINUTE_MS);
  let lastGoodAt: Instant | undefined;
  for (let run = 0; run < 6 * 36; run += 1) {
    const begun = on.clock.now();
    const isBroken = begun >= brokenAt;
    if (isBroken) on.prober.script(GOOD_KEY, depth, trouble);
    const { checked } = await check(on.ports, SCHEDULED);
    const [one] = checked;
    const couldSee = depth === 'list' || one?.finding.depth === 'deep';
    if (!isBroken && couldSee) lastGoodAt = begun;
    if (one?.detection !== undefined && lastGoodAt !== undefined)
      return {
        afterMs: elapsedMs(lastGoodAt, on.clock.now()),
        detection: one.detection,
        causes: on.announced.flatMap((notice) => ('episode' in notice ? [notice.episode.cause] : [])),
      };
    await on.clock.sleep(RUN_MINUTES * MINUTE_MS - elapsedMs(begun, on.clock.now()));
  }
  throw new Error(`nobody was told of ${name}`);
}

const SEEDS = Array.from({ length: 25 }, (_, seed) => seed + 1);

describe('with the default settings trouble is told in time, whenever it begins and whatever the secret’s own moment', () => {
  test.each([
    ['a leaked key', 'key_leaked', refusal(403, 'Your API key was reported as leaked. Please use another API key.')],
    [
      'a doubtful answer, which a second run confirms',
      'location_unsupported',
      refusal(400, 'User location is not supported for the API use.'),
    ],
  ])('%s, within 25 minutes of the last good look', async (_what, cause, trouble) => {
    for (const seed of SEEDS) {
      const { afterMs, detection, causes } = await toldAfter(seed, 'list', trouble);
      expect(causes).toEqual([cause]);
      expect({ seed, depth: detection.depth, late: detection.late }).toEqual({ seed, depth: 'shallow', late: false });
      expect(afterMs).toBeLessThanOrEqual(25 * MINUTE_MS);
    }
  });

  test('credit that ran out, which only a deep probe sees, within its hours and 25 minutes', async () => {
    const mostMs = DEFAULT_CHECK_POLICY.deepEveryHours * HOUR_MS + 25 * MINUTE_MS;
    const all: number[] = [];
    for (const seed of SEEDS) {
      const told = await toldAfter(seed, 'generate', refusal(402, 'Your prepayment credits are depleted.'));
      expect({ seed, depth: told.detection.depth, late: told.detection.late }).toEqual({
        seed,
        depth: 'deep',
        late: false,
      });
      // What the run says of it counts from no later than the last good look.
      expect(told.detection.seconds * 1000).toBeGreaterThanOrEqual(told.afterMs - RUN_MINUTES * MINUTE_MS);
      all.push(told.afterMs);
    }
    expect(Math.max(...all)).toBeLessThanOrEqual(mostMs);
    expect(Math.max(...all)).toBeGreaterThan(mostMs / 2);
  });
});
