import { request } from 'undici';
import type { Clock } from '../../app/ports/ports.ts';
import { parseRecord } from '../../core/values/json.ts';
import { elapsedMs, instantOf, parseInstant, type Instant } from '../../core/values/time.ts';
import { systemClock } from './system.ts';

/** Time as a pretend cloud has it, so that whoever moves that clock lives through a drain with it. */
export interface PretendClock extends Clock {
  /** Asks what time it is there. Until then, and where nobody answers, it is the machine's time. */
  ask(): Promise<void>;
}

interface Parts {
  /** Where the pretend cloud is. */
  readonly url: string;
  readonly machine?: Clock;
}

/** Someone who waits notices within so long that the clock was moved. */
const LOOK_MS = 500;
const WITHIN_MS = 2_000;

/** The clock of a command or a local function that is pointed at a pretend cloud; a real deployment has the machine's. */
export function pretendClock({ url, machine = systemClock }: Parts): PretendClock {
  let aheadMs = 0;
  const now = (): Instant => instantOf(machine.now() + aheadMs);
  const ask = async (): Promise<void> => {
    const theirs = await timeAt(url);
    if (theirs !== undefined) aheadMs = elapsedMs(machine.now(), theirs);
  };
  return {
    now,
    ask,
    async sleep(milliseconds) {
      const until = instantOf(now() + milliseconds);
      for (let left = milliseconds; left > 0; left = elapsedMs(now(), until)) {
        await machine.sleep(Math.min(left, LOOK_MS));
        await ask();
      }
    },
  };
}

async function timeAt(url: string): Promise<Instant | undefined> {
  try {
    const { body } = await request(new URL('/_emulator/clock', url), { signal: AbortSignal.timeout(WITHIN_MS) });
    return parseInstant(String(parseRecord(await body.text())?.['now']));
  } catch {
    return undefined; // whatever is asked of it next says that it is not there
  }
}
