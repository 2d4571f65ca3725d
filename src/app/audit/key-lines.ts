import { HISTORY_MAX, type Past } from '../../core/record/ledger.ts';
import { DAY_MS, elapsedMs, type Instant } from '../../core/values/time.ts';
import type { CurrentKey, Member } from '../on-record/fleet.ts';
import type { SecretName } from '../ports/ports.ts';
import type { LogSource } from './read-log.ts';

/** A key that consumers read at the moment of the report, and how much of the time is known. */
export interface KeyLine {
  readonly secret: SecretName;
  readonly project: string;
  readonly version?: number | undefined;
  readonly key: CurrentKey;
  readonly ageDays?: number | undefined;
  /** Age at which its policy has it rotated; 0 for never. */
  readonly maxAgeDays: number;
  readonly isOverAge: boolean;
  /** Why rotations of the time may be missing; absent where none can be. */
  readonly missing?: string | undefined;
}

export interface KeyOrder {
  readonly from: Instant;
  readonly now: Instant;
  readonly sources: readonly LogSource[];
}

/** The key of one secret. */
export function keyLineOf(
  { secret, project, aliases, key, history, maxAgeDays }: Member,
  { from, now, sources }: KeyOrder,
): KeyLine {
  const ageDays = key.madeAt === undefined ? undefined : Math.max(0, Math.floor(elapsedMs(key.madeAt, now) / DAY_MS));
  return {
    secret,
    project,
    version: aliases['current'],
    key,
    ageDays,
    maxAgeDays,
    isOverAge: maxAgeDays > 0 && ageDays !== undefined && ageDays >= maxAgeDays,
    missing: missingOf(history, from, sources),
  };
}

/** The record holds some rotations; what came before them is in the logs alone, as far as these go back and could be read. */
function missingOf(
  history: readonly Past[] | undefined,
  from: Instant,
  sources: readonly LogSource[],
): string | undefined {
  if (history !== undefined && (history.length < HISTORY_MAX || history.some(({ at }) => at <= from))) return undefined;
  const what =
    history === undefined
      ? 'its list of rotations is in a form that this release does not read'
      : `its record holds the last ${HISTORY_MAX} rotations, and they do not reach back to the beginning`;
  const gap = gapOf(from, sources);
  return gap === undefined ? undefined : `${what}; ${gap}`;
}

/** Why the logs do not make up for it; absent where all of them were read and reach back far enough. */
export function gapOf(from: Instant, sources: readonly LogSource[]): string | undefined {
  if (sources.length === 0) return 'no log was looked at';
  for (const source of sources) {
    if (source.is === 'unread') return `the log ${source.log} was not read: ${source.why}`;
    if (source.is === 'unbounded') return `how far back the log ${source.log} goes is not known: ${source.why}`;
    if (source.keptFrom > from) return `the log ${source.log} keeps nothing from the beginning of the time`;
  }
  return undefined;
}
