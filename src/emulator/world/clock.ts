import { performance } from 'node:perf_hooks';

/** The pretend cloud's time: the machine's, plus what was added by hand. It never runs backwards. */
export interface MovableClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** The same in whole microseconds, never less than before; a clock of milliseconds has none. */
  micros?(): number;
  advance(milliseconds: number): void;
}

/** A moment as finely as Google writes it. */
export function microsOf({ now, micros }: MovableClock): number {
  return micros?.() ?? Math.floor(now() * 1000);
}

/** The year 9000: beyond it, dates 876,000 hours ahead could no longer be written. */
const END = 221_845_219_200_000;

/** Microseconds since the last full millisecond of the machine. */
const MACHINE_WITHIN = (): number => Math.floor((performance.now() % 1) * 1000);

/** `base` is where time comes from: a constant for a test that wants to stand still, the machine's time without one. */
export function movableClock(base?: () => number): MovableClock {
  const [milliseconds, within] = base === undefined ? [Date.now, MACHINE_WITHIN] : [base, () => 0];
  let added = 0;
  let latest = 0;
  return {
    now: () => milliseconds() + added,
    micros() {
      latest = Math.max(latest, Math.floor((milliseconds() + added) * 1000) + within());
      return latest;
    },
    advance(more) {
      if (!(more >= 0)) throw new RangeError('the clock of the pretend cloud only moves forward');
      if (milliseconds() + added + more > END)
        throw new RangeError('the clock of the pretend cloud ends in the year 9000');
      added += more;
    },
  };
}
