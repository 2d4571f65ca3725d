import type { Usage, UsedHour } from '../../src/core/rotation/rhythm.ts';
import { instantOf, type Instant } from '../../src/core/values/time.ts';
import { HOUR_MS } from './journals.ts';

/** So many requests in every hour of a stretch, counted back from `until` as Cloud Monitoring does. */
export function hourly(from: Instant, until: Instant, requests: number): readonly UsedHour[] {
  const hours: UsedHour[] = [];
  for (let endsAt = until; endsAt > from; endsAt = instantOf(endsAt - HOUR_MS)) hours.unshift({ endsAt, requests });
  return hours;
}

/** A key that was seen from the first of these hours on. */
export function usage(hours: readonly UsedHour[]): Usage & { readonly known: true } {
  const [first] = hours;
  return { known: true, hours, ...(first === undefined ? {} : { seenSince: first.endsAt }) };
}
