import type { Instant } from '../../../src/core/values/time.ts';

/**
 * What Google counts by the minute, with its limits: cloud.google.com/secret-manager/quotas and
 * cloud.google.com/api-keys/docs/quotas. Gemini, Monitoring and Cloud Run are counted here too, and
 * have no limit that we know of; a look through all services of the projects counts as one call.
 */
export const LIMITS = {
  'Secret Manager accesses': 90_000,
  'Secret Manager reads': 600,
  'Secret Manager writes': 600,
  'API Keys reads': 240,
  'API Keys writes': 120,
  Gemini: Infinity,
  Monitoring: Infinity,
  'Cloud Run': Infinity,
} as const;

export type Kind = keyof typeof LIMITS;

export const KINDS = Object.keys(LIMITS).filter((kind): kind is Kind => Object.hasOwn(LIMITS, kind));

/** The busiest minute of a kind of call. */
export interface Busiest {
  readonly calls: number;
  readonly minute: Instant | undefined;
}

/** Counts calls. All projects count as one, the strictest reading: a caller's own project pays for what it asks. */
export interface Counting {
  count(kind: Kind, now: Instant): void;
  total(kind: Kind): number;
  /** Calls of all kinds from one moment to another, both at midnight. */
  between(from: Instant, until: Instant): number;
  busiest(kind: Kind): Busiest;
}

const DAY_MS = 86_400_000;

export function counting(): Counting {
  const totals = new Map<Kind, number>();
  const minutes = new Map<Kind, { readonly minute: number; calls: number }>();
  const busiest = new Map<Kind, Busiest>();
  const days = new Map<number, number>();
  return {
    count(kind, now) {
      totals.set(kind, (totals.get(kind) ?? 0) + 1);
      const day = Math.floor(now / DAY_MS);
      days.set(day, (days.get(day) ?? 0) + 1);
      const minute = Math.floor(now / 60_000);
      const seen = minutes.get(kind);
      const counted = seen?.minute === minute ? seen : { minute, calls: 0 };
      counted.calls += 1;
      minutes.set(kind, counted);
      if (counted.calls > (busiest.get(kind)?.calls ?? 0)) busiest.set(kind, { calls: counted.calls, minute: now });
    },
    total: (kind) => totals.get(kind) ?? 0,
    between: (from, until) =>
      [...days].reduce((sum, [day, calls]) => (day * DAY_MS >= from && day * DAY_MS < until ? sum + calls : sum), 0),
    busiest: (kind) => busiest.get(kind) ?? { calls: 0, minute: undefined },
  };
}
