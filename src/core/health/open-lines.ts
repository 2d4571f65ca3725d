import { compareSeverity, type Cause } from '../causes/causes.ts';
import type { OpenTrouble } from './open-trouble.ts';

/** Secrets whose trouble has a log line of its own in every run; with those of projects and the fleet, which are few. */
export const OPEN_LINES_MAX = 100;
/** Secrets that the line about further ones names. */
const NAMES_MAX = 20;

/** Trouble of one cause that has no lines of its own. */
interface Further {
  readonly cause: Cause;
  readonly count: number;
  /** The first of them. */
  readonly secrets: readonly string[];
}

/**
 * Which open trouble a run logs line by line, and which it sums up by cause. The worst first and the oldest first: what has a line keeps
 * it while it lasts, so that an alarm about a secret does not end because others fell ill.
 */
export function openLines(open: readonly OpenTrouble[]): {
  readonly lines: readonly OpenTrouble[];
  readonly further: readonly Further[];
} {
  const single = open.filter(isOfSecret).toSorted(worstAndOldestFirst);
  const rest = Map.groupBy(single.slice(OPEN_LINES_MAX), ({ cause }) => cause);
  return {
    lines: [...open.filter((one) => !isOfSecret(one)), ...single.slice(0, OPEN_LINES_MAX)],
    further: [...rest].map(([cause, some]) => ({
      cause,
      count: some.length,
      secrets: some.slice(0, NAMES_MAX).map(({ secret }) => secret),
    })),
  };
}

function isOfSecret(one: OpenTrouble): one is OpenTrouble & { readonly secret: string } {
  return one.secret !== undefined;
}

function worstAndOldestFirst(one: OpenTrouble, other: OpenTrouble): number {
  return compareSeverity(other.severity, one.severity) || one.openedAt - other.openedAt;
}
