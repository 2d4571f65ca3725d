import { NUMBERS } from '../../src/core/settings.ts';
import { POLICY_BOUNDS } from '../../src/core/policy.ts';
import { DEFAULT_ROTATION_POLICY } from '../../src/core/rotation-policy.ts';

/** Secret Manager’s prices in US dollars and what a billing account gets free each month. */
export const PRICES = {
  asOf: 'November 2026',
  source: 'https://cloud.google.com/secret-manager/pricing',
  versionMonth: 0.06,
  accesses10k: 0.03,
  rotationNotice: 0.05,
  free: { versions: 6, accesses: 10_000, notices: 3 },
} as const;

const HOURS_PER_MONTH = 730;
const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** What one month of a fleet uses, with the default settings. */
export interface Usage {
  readonly keys: number;
  readonly runs: number;
  /** One access of Secret Manager and one request to Gemini per key and run. */
  readonly accesses: number;
  /** Requests that spend a token. */
  readonly deepProbes: number;
  readonly rotations: number;
  /** Enabled or disabled versions, on average: a retired one is kept for a while. */
  readonly versions: number;
}

/** The month of a fleet whose keys are rotated by age only. */
export function usageOf(keys: number): Usage {
  const { drainHoursUnmeasured, retentionDays, destroyAfterDays, maxAgeDays } = DEFAULT_ROTATION_POLICY;
  const runs = (HOURS_PER_MONTH * 60) / NUMBERS.KEY_WARDEN_RUN_EVERY_MINUTES.fallback;
  const keptDays = drainHoursUnmeasured / 24 + retentionDays + destroyAfterDays;
  return {
    keys,
    runs,
    accesses: keys * runs,
    deepProbes: Math.round((keys * HOURS_PER_MONTH) / POLICY_BOUNDS.deepEveryHours.fallback),
    rotations: (keys * DAYS_PER_MONTH) / maxAgeDays,
    versions: keys * (1 + keptDays / maxAgeDays),
  };
}

/** Dollars a month for Secret Manager, part by part, above what is free. */
export function costOf({ versions, accesses, rotations }: Usage) {
  const { free, versionMonth, accesses10k, rotationNotice } = PRICES;
  const above = (used: number, unpaid: number) => Math.max(0, used - unpaid);
  const parts = {
    versions: above(versions, free.versions) * versionMonth,
    accesses: (above(accesses, free.accesses) / 10_000) * accesses10k,
    notices: above(rotations, free.notices) * rotationNotice,
  };
  return { ...parts, sum: parts.versions + parts.accesses + parts.notices };
}
