import { isoFields } from '../../core/values/decode.ts';
import type { PurgeOutcome } from './purge.ts';
import type { PurgeRun } from './purge-fleet.ts';
import type { Swept } from './sweep.ts';

/** Name and version of the JSON form of a purge. */
const PURGE_SCHEMA = 'key-warden/purge/v1' as const;

/** A run of the purge as `--json`, the function's answer and the logs carry it. */
export function purgeJson({ dryRun, secrets, purged, swept, unreached, problems }: PurgeRun) {
  return {
    schema: PURGE_SCHEMA,
    dryRun,
    secrets,
    counts: countsOf([...purged, ...swept]),
    purged: purged.map(({ until, ...line }) => ({ ...line, ...isoFields({ until }) })),
    swept: swept.map(({ until, ...line }) => ({ ...line, ...isoFields({ until }) })),
    unreached,
    problems,
  };
}

export type PurgeJson = ReturnType<typeof purgeJson>;

type Outcome = PurgeOutcome | Swept['outcome'];

/** How many keys came to each outcome; every one is named, so that a reader need not guess at a missing one. */
function countsOf(lines: readonly { readonly outcome: Outcome }[]): Readonly<Record<Outcome, number>> {
  const counts: Record<Outcome, number> = { done: 0, would_do: 0, waiting: 0, refused: 0, failed: 0, outside: 0 };
  for (const { outcome } of lines) counts[outcome] += 1;
  return counts;
}
