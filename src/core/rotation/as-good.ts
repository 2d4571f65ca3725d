import type { Cause } from '../causes/causes.ts';
import type { Diagnosis } from '../classify/classify.ts';
import type { Rotation } from '../record/journal.ts';
import { elapsedMs, type Instant } from '../values/time.ts';

/**
 * Trouble that a key shares with every other key of its project, or with whatever is asked from here: limits and billing
 * are the project's, addresses and referrers are copied to the new key. It tells nothing of one key against another.
 */
export const SHARED_TROUBLE: readonly Cause[] = [
  'rate_limited',
  'quota_exceeded',
  'quota_zero',
  'spend_cap',
  'prepay_depleted',
  'billing_disabled',
  'ip_blocked',
  'referrer_blocked',
  'android_blocked',
  'ios_blocked',
];

/** Whether what a key was answered is such trouble. */
export function isSharedTrouble({ cause }: Pick<Diagnosis, 'cause'>): boolean {
  return SHARED_TROUBLE.includes(cause);
}

/** What one key was answered, whether it could list models, and when. */
export interface KeySeen {
  readonly diagnosis: Pick<Diagnosis, 'cause' | 'verdict'>;
  readonly lists: boolean;
  readonly at: Instant;
}

/** Answers that are further apart may tell of two moments, not of two keys. */
const TOGETHER_MS = 60_000;

/**
 * Whether the new key serves consumers as well as the old one does, although it does not work from here (I2): it has the
 * trouble that the old one has, and lists models if the old one does. Where the rotation was begun because the old key
 * must go, and that one is dead, a new key that authenticated is better already.
 */
export function isAsGood(isNew: KeySeen, old: KeySeen, { emergency, reason }: Rotation): boolean {
  if (!isSharedTrouble(isNew.diagnosis) || Math.abs(elapsedMs(old.at, isNew.at)) > TOGETHER_MS) return false;
  if (old.diagnosis.verdict === 'dead') return isNew.lists && (emergency || reason === 'dead' || reason === 'leaked');
  return isNew.diagnosis.cause === old.diagnosis.cause && (isNew.lists || !old.lists);
}
