import { setImmediate } from 'node:timers';
import type { Clock } from '../../../src/app/ports/ports.ts';
import { instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';

/** Time in which nothing waits in earnest: who sleeps is woken in order, and between two wakings no time passes. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Lets something begin at a moment; it may go on for as long as it likes. What it rejects with ends the run. */
  at(moment: Instant, begin: () => Promise<void> | void): void;
  /** Moves the clock while nobody sleeps. */
  jumpTo(moment: Instant): void;
  /** Goes on until nobody sleeps any more, or until the moment. */
  runUntil(end: Instant): Promise<void>;
}

interface Sleeper {
  readonly until: number;
  /** Who lay down first is woken first. */
  readonly turn: number;
  readonly wake: () => void;
}

export function virtualTime(start: Instant): VirtualTime {
  const asleep = sleepers();
  const troubles: unknown[] = [];
  let now = start;
  let turns = 0;
  const sleepUntil = (until: number, wake: () => void): void =>
    asleep.push({ until: Math.max(now, until), turn: (turns += 1), wake });
  return {
    clock: {
      now: () => now,
      sleep: (milliseconds) => new Promise((resolve) => sleepUntil(now + milliseconds, resolve)),
    },
    at(moment, begin) {
      sleepUntil(moment, () => {
        void Promise.resolve(begin()).catch((trouble: unknown) => troubles.push(trouble));
      });
    },
    jumpTo: (moment) => void (now = moment),
    async runUntil(end) {
      for (let next = asleep.next(); next !== undefined && next.until <= end; next = asleep.next()) {
        now = instantOf(next.until);
        while (asleep.next()?.until === now) asleep.pop()?.wake();
        await everybodyWaits();
        if (troubles.length > 0) throw troubles[0];
      }
      now = plusMs(end, 0);
    },
  };
}

/** All that follows from a waking does so in microtasks; the next macrotask comes after the last of them. */
function everybodyWaits(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A binary heap: the one to be woken next is first. */
function sleepers() {
  const heap: Sleeper[] = [];
  const before = (a: Sleeper | undefined, b: Sleeper | undefined): boolean =>
    a !== undefined && b !== undefined && (a.until < b.until || (a.until === b.until && a.turn < b.turn));
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one !== undefined) heap[b] = one;
    if (other !== undefined) heap[a] = other;
  };
  return {
    next: () => heap[0],
    push(sleeper: Sleeper): void {
      let at = heap.push(sleeper) - 1;
      for (let up = (at - 1) >> 1; at > 0 && before(heap[at], heap[up]); up = (at - 1) >> 1) {
        swap(at, up);
        at = up;
      }
    },
    pop(): Sleeper | undefined {
      const [first] = heap;
      const last = heap.pop();
      if (last === undefined || last === first) return first;
      heap[0] = last;
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const down = before(heap[right], heap[left]) ? right : left;
        if (!before(heap[down], heap[at])) return first;
        swap(at, down);
        at = down;
      }
    },
  };
}
