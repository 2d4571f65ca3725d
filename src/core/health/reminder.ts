import { HOUR_MS, elapsedMs, type Instant } from '../values/time.ts';
import type { CheckPolicy } from './check-policy.ts';

/** Trouble that lasts, as far as it was told. */
interface Told {
  readonly announcedAt: Instant;
  /** Times it was recalled since its first announcement. */
  readonly reminders: number;
}

const GAP_HOURS_MAX = 168;

/** Whether trouble that lasts is recalled now: at growing gaps, a week at most, and once when a silence is over. */
export function isReminderDue(
  { announcedAt, reminders }: Told,
  { remindAfterHours }: Pick<CheckPolicy, 'remindAfterHours'>,
  now: Instant,
  heardAgainAt?: Instant,
): boolean {
  if (heardAgainAt !== undefined && announcedAt < heardAgainAt) return true;
  return elapsedMs(announcedAt, now) >= Math.min(remindAfterHours * 2 ** reminders, GAP_HOURS_MAX) * HOUR_MS;
}
