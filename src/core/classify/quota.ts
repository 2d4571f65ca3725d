import type { Envelope } from './error-body.ts';

/** What kind of limit a 429 speaks of. Only the bodies tell: the status and the code are the same for all. */
export interface QuotaEvidence {
  /** The limit is 0: no amount of waiting helps. */
  readonly zero: boolean;
  /** A day's quota is used up, or the text says only that the quota is. */
  readonly spent: boolean;
}

const ZERO =
  /\blimit[:=] ?0(?![\d.]*[1-9])|\bquota_?limit_?value\W{1,6}0\b(?!\.\d)|n't have a free quota tier|no free (?:quota )?tier/;
const DAILY = /per ?day|daily|1\/d\b/;
const SPENT =
  /exceeded (?:your|its|the) (?:current )?quota|quota[_ ]exceeded|quota (?:has been |is )?(?:used up|exhausted)/;
const BY_THE_MINUTE = /per ?minute/;

/**
 * Reads the quota names and limits of the details, and the words where there are none. A per-minute quota alone is a
 * rate, although Google's text for it is the same as for a spent day.
 */
export function quotaEvidenceIn(envelope: Pick<Envelope, 'limits' | 'quotas'>, words: string): QuotaEvidence {
  const names = envelope.quotas.join(' ').toLowerCase();
  const zero = envelope.limits.includes('0') || ZERO.test(words);
  if (DAILY.test(names) || DAILY.test(words)) return { zero, spent: true };
  return { zero, spent: SPENT.test(words) && !BY_THE_MINUTE.test(`${names} ${words}`) };
}
