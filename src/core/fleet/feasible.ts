import { BEGUN_MAX, KEYS_PLANNED_MAX } from './key-quota.ts';
import { WEEK_HOURS } from '../calendar/open-hours.ts';
import { plural } from '../values/plural.ts';
import { RETIRED_MAX } from '../record/ledger.ts';
import type { RotationPolicy } from '../rotation/rotation-policy.ts';

/** A secret as far as arithmetic goes. */
export interface Planned {
  readonly keyProject: string;
  readonly policy: RotationPolicy;
}

/** How fast the worker is allowed to be. */
export interface Allowed {
  readonly rotationsMax: number;
  readonly runEveryMinutes: number;
  /** Hours of a week in which one may begin. */
  readonly openHours?: number | undefined;
}

/** A deleted key can be undeleted for so long, and presumably counts among a project’s keys. */
const UNDELETE_DAYS = 30;

/**
 * What cannot work, however well everything goes, and what to change: more rotations than may be begun, more keys than a
 * project holds, more old keys than a secret’s ledger takes. Empty where the numbers fit together.
 */
export function impossible(secrets: readonly Planned[], allowed: Allowed): readonly string[] {
  const aging = secrets.filter(({ policy }) => policy.maxAgeDays > 0);
  const projects = [...Map.groupBy(secrets, ({ keyProject }) => keyProject)];
  return [
    ...tooMany(aging, allowed),
    ...projects.flatMap(([project, own]) => tooFull(project, own)),
    ...tooOften(aging),
  ];
}

/** Nothing is begun at 0: whoever sets that means it. */
function tooMany(
  aging: readonly Planned[],
  { rotationsMax, runEveryMinutes, openHours = WEEK_HOURS }: Allowed,
): readonly string[] {
  const runs = ((24 * 60) / runEveryMinutes) * (openHours / WEEK_HOURS);
  const due = sum(aging.map(({ policy }) => 1 / policy.maxAgeDays));
  if (rotationsMax === 0 || due <= Math.min(rotationsMax, BEGUN_MAX) * runs) return [];
  const needed = Math.ceil(due / runs);
  const cure =
    needed <= BEGUN_MAX
      ? `set KEY_WARDEN_ROTATIONS_MAX to ${needed} or more`
      : `raise KEY_WARDEN_MAX_AGE_DAYS, or run reconcile more often than every ${runEveryMinutes} minutes`;
  return [
    `${Math.ceil(due)} of ${aging.length} keys come due a day, and ${rotationsMax} at a time${openText(openHours)} are not enough: ${cure}${openHours < WEEK_HOURS ? ', or open the windows for longer' : ''}`,
  ];
}

function openText(openHours: number): string {
  return openHours < WEEK_HOURS ? ` in windows that are open ${plural(openHours, 'hour')} of the week` : '';
}

/** Of each secret there is its key, and for a while after each rotation the one before. */
function tooFull(project: string, own: readonly Planned[]): readonly string[] {
  const keys = sum(own.map(({ policy }) => 1 + (policy.maxAgeDays === 0 ? 0 : keptDays(policy) / policy.maxAgeDays)));
  if (keys <= KEYS_PLANNED_MAX) return [];
  return [
    `project ${project}: ${own.length} secrets need ${Math.ceil(keys)} keys at a time, deleted ones included, and a project holds 300: have keys of some made in another project (keyProject), or rotate less often`,
  ];
}

function keptDays({ drainHoursUnmeasured, retentionDays }: RotationPolicy): number {
  return drainHoursUnmeasured / 24 + retentionDays + UNDELETE_DAYS;
}

function tooOften(aging: readonly Planned[]): readonly string[] {
  const overfull = aging.filter(
    ({ policy: { retentionDays, destroyAfterDays, maxAgeDays } }) =>
      (retentionDays + destroyAfterDays) / maxAgeDays >= RETIRED_MAX,
  );
  if (overfull.length === 0) return [];
  return [
    `${overfull.length} secrets are rotated so often that more than ${RETIRED_MAX} old keys of each await their end, which holds the rotation: lower KEY_WARDEN_DESTROY_AFTER_DAYS or KEY_WARDEN_RETENTION_DAYS`,
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
