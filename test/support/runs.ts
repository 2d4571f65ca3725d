import type { Checked, Run } from '../../src/core/health/check-run.ts';
import { censusOf } from '../../src/core/health/key-census.ts';
import { joined, NOTHING_SEEN, talliesOf } from '../../src/core/health/tally.ts';
import { instantOf } from '../../src/core/values/time.ts';

/** A run that looked at these secrets and lists all of them. */
export function runOf(checked: readonly Checked[], more: Partial<Run> = {}): Run {
  const at = instantOf(0);
  const tallies = talliesOf(checked.map(({ finding }) => finding));
  return {
    startedAt: at,
    finishedAt: at,
    expected: checked.length,
    tally: [...tallies.values()].reduce(joined, NOTHING_SEEN),
    checked,
    problems: [],
    outages: [],
    open: [],
    untoldUnclear: 0,
    census: censusOf([], at),
    ...more,
  };
}
