/** The pretend cloud's time: the machine's, plus what was added by hand. It never runs backwards. */
export interface MovableClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  advance(milliseconds: number): void;
}

/** The year 9000: beyond it, dates 876,000 hours ahead could no longer be written. */
const END = 221_845_219_200_000;

/** `base` is where time comes from: `Date.now` for a demo, a constant for a test that wants to stand still. */
export function movableClock(base: () => number): MovableClock {
  let added = 0;
  return {
    now: () => base() + added,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError('the clock of the pretend cloud only moves forward');
      if (base() + added + milliseconds > END)
        throw new RangeError('the clock of the pretend cloud ends in the year 9000');
      added += milliseconds;
    },
  };
}
