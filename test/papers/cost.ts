import { NUMBERS } from '../../src/core/settings/settings.ts';
import { CHECK_POLICY_BOUNDS } from '../../src/core/health/check-policy.ts';
import { DEFAULT_ROTATION_POLICY } from '../../src/core/rotation/rotation-policy.ts';

/** Secret Manager’s prices in US dollars and what a billing account gets free each month. */
export const PRICES = {
  asOf: 'November 2026',
  source: 'https://cloud.google.com/secret-manager/pricing',
  versionMonth: 0.06,
  accesses10k: 0.03,
  rotationNotice: 0.05,
  free: { versions: 6, accesses: 10_000, notices: 3 },
} as const;

/** What a deployment holds that is counted by the piece; a test compares it with the Terraform module. */
export const MODULE_COUNTS = {
  /** Conditions that Monitoring evaluates every minute, and those that wait for a log line. */
  queries: 14,
  logConditions: 4,
  functions: 12,
  /** Images of each function that the clean-up policy keeps whatever their age. */
  imagesKept: 5,
} as const;

/** Defaults of the Terraform module that cost something; a test compares them with it. */
export const MODULE_DEFAULTS = { reconcileEveryMinutes: 5, purgeEveryHours: 6, versionDestroyHours: 168 } as const;

/** A guess: reading a key and one answer of Gemini. Measure yours: the report of a run says how long it took. */
export const SECONDS_PER_CHECK = 1 / 3;

/** Accesses that Secret Manager takes in a minute, per project (its quotas page). */
export const ACCESSES_PER_MINUTE = 90_000;

export const HOURS_PER_MONTH = 730;
const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** What one month of a fleet uses, with the default settings. */
export interface Usage {
  readonly keys: number;
  readonly runs: number;
  /** One access of Secret Manager and one request to Gemini per key and run. */
  readonly accesses: number;
  readonly reconciles: number;
  readonly purges: number;
  /** Requests that spend a token. */
  readonly deepProbes: number;
  readonly rotations: number;
  /** Enabled or disabled versions, on average: a retired one is kept for a while. */
  readonly versions: number;
  /** Entries of the audit log of reads: each access writes one, while `guards.audit_logs` is on. */
  readonly auditEntries: number;
  /** Times that Monitoring evaluates a PromQL condition. */
  readonly evaluations: number;
}

/** What may differ from the defaults. */
export interface Choices {
  readonly runEveryMinutes: number;
  readonly deepEveryHours: number;
  readonly destroyAfterDays: number;
}

export const DEFAULT_CHOICES: Choices = {
  runEveryMinutes: NUMBERS.KEY_WARDEN_RUN_EVERY_MINUTES.fallback,
  deepEveryHours: CHECK_POLICY_BOUNDS.deepEveryHours.fallback,
  destroyAfterDays: DEFAULT_ROTATION_POLICY.destroyAfterDays,
};

/** Days that an old version is kept and paid for: through the drain, disabled, deleted at the issuer, being destroyed. */
export function keptDays({ destroyAfterDays }: Choices): readonly number[] {
  const { drainHoursUnmeasured, retentionDays } = DEFAULT_ROTATION_POLICY;
  return [drainHoursUnmeasured / 24, retentionDays, destroyAfterDays, MODULE_DEFAULTS.versionDestroyHours / 24];
}

/** The month of a fleet whose keys are rotated by age only. */
export function usageOf(keys: number, choices = DEFAULT_CHOICES): Usage {
  const { maxAgeDays } = DEFAULT_ROTATION_POLICY;
  const runs = (HOURS_PER_MONTH * 60) / choices.runEveryMinutes;
  const kept = keptDays(choices).reduce((sum, days) => sum + days, 0);
  return {
    keys,
    runs,
    reconciles: (HOURS_PER_MONTH * 60) / MODULE_DEFAULTS.reconcileEveryMinutes,
    purges: HOURS_PER_MONTH / MODULE_DEFAULTS.purgeEveryHours,
    accesses: keys * runs,
    deepProbes: Math.round((keys * HOURS_PER_MONTH) / choices.deepEveryHours),
    rotations: (keys * DAYS_PER_MONTH) / maxAgeDays,
    versions: keys * (1 + kept / maxAgeDays),
    auditEntries: keys * runs,
    evaluations: MODULE_COUNTS.queries * HOURS_PER_MONTH * 60,
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
