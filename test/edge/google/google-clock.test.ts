import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { googleClock } from '../../../src/edge/google/google-clock.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { Clock } from '../../../src/app/ports/ports.ts';
import { pretendCloud } from '../../support/cloud.ts';

const DAY_MS = 86_400_000;
let cloud: PretendCloud;
const said: string[] = [];
const log = { write: (_: string, message: string) => void said.push(message) };

beforeEach(async () => {
  cloud = await pretendCloud();
  said.length = 0;
});
afterEach(() => cloud.close());

/** A clock that shows as much more than the pretend cloud's. */
const fast = (aheadMs: () => number): Clock => ({
  now: () => instantOf(cloud.clock.now() + aheadMs()),
  sleep: () => Promise.resolve(),
});

describe('how far our clock is ahead of Google’s', () => {
  test('is asked for where no answer has told it, and known for a while', async () => {
    const clock = googleClock({ clock: fast(() => 400 * DAY_MS), log, url: cloud.url });
    expect(Math.round(((await clock.aheadMs()) ?? 0) / DAY_MS)).toBe(400);
    await clock.aheadMs();
    expect(cloud.requests()).toHaveLength(1);
    expect(said).toEqual([]);
  });

  test('is heard from answers that come anyway', async () => {
    const clock = googleClock({ clock: fast(() => 0), log, url: cloud.url });
    clock.heard(new Date(cloud.clock.now() - 2 * DAY_MS).toUTCString());
    expect(Math.round(((await clock.aheadMs()) ?? 0) / DAY_MS)).toBe(2);
    expect(cloud.requests()).toEqual([]);
    clock.heard(undefined);
    clock.heard('some day');
    expect(Math.round(((await clock.aheadMs()) ?? 0) / DAY_MS)).toBe(2);
  });

  test('is asked for anew when it is old, or the clock has jumped', async () => {
    const jump = { ms: 0 };
    const clock = googleClock({ clock: fast(() => jump.ms), log, url: cloud.url });
    clock.heard(new Date(cloud.clock.now()).toUTCString());
    jump.ms = 6 * 60_000;
    expect(Math.round(((await clock.aheadMs()) ?? 0) / 60_000)).toBe(6);
    expect(cloud.requests()).toHaveLength(1);
  });

  test('is not known where nobody tells it, which is said once', async () => {
    const clock = googleClock({ clock: fast(() => 0), log, url: 'http://127.0.0.1:9' });
    expect([await clock.aheadMs(), await clock.aheadMs()]).toEqual([undefined, undefined]);
    expect(said).toEqual(['Google’s time is not known, so this worker’s clock was not compared with it']);
  });
});
