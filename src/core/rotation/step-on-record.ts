import type { InFlight } from '../record/journal.ts';
import type { Untold } from '../record/outbox.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import type { StepToTell } from './step-to-tell.ts';

type OnRecord = Pick<SecretRecord, 'rotation' | 'history' | 'retired' | 'leaks'>;

/**
 * A step that an earlier run recorded and perhaps never told, as the record still knows it. `undefined` where nothing is on
 * record of its rotation any more: five have ended since.
 */
export function stepOnRecord(untold: Untold, record: OnRecord): StepToTell | undefined {
  const journal = valueOf(record.rotation);
  const told =
    journal !== undefined && journal.phase !== 'resting' && journal.id === untold.id
      ? inFlight(untold, journal)
      : ended(untold, record);
  return told && { untold, told };
}

/** A rotation as it was at an earlier step, as far as it is told of that: what has become of it since has words of its own. */
function inFlight({ step }: Untold, journal: InFlight): InFlight {
  const { openedAt, since, promotedAt, held } = journal;
  if (step === 'opened') return { ...journal, since: openedAt, why: undefined };
  if (step === 'promoted') return { ...journal, since: promotedAt ?? since };
  return step === 'held' && !held ? { ...journal, why: RESUMED } : journal;
}

const RESUMED = 'it was held, and somebody has let it go on since';
const OVER = 'the rotation has ended since';

/** A rotation that has ended, from the books. How its drain was judged and a person's own words are not in them. */
function ended({ step, id }: Untold, record: OnRecord): InFlight | undefined {
  const past = (valueOf(record.history) ?? []).find((one) => one.id === id);
  if (past === undefined) return undefined;
  const { reason, by, from, to, at, why, holds, outcome } = past;
  const isOver = step === 'completed' || step === 'abandoned';
  const retired = (valueOf(record.retired) ?? []).find(({ rotation, version }) => rotation === id && version === from);
  const old = isOver ? retired : undefined;
  const isLeak = isOver && (valueOf(record.leaks) ?? []).some(({ version }) => version === from);
  const isRetired = outcome === 'completed' && reason !== 'rollback';
  return {
    phase: isRetired ? 'drained' : 'abandoned',
    id,
    reason,
    by,
    candidate: 'minted',
    emergency: old?.urgent === true || isLeak,
    from,
    to,
    fromKey: old?.key,
    fromKeyUnknown: old?.keyUnknown,
    openedAt: at,
    since: at,
    tries: 0,
    held: false,
    holds,
    why: isOver ? why : OVER,
    rest: { failures: 0, passedOver: [] },
  };
}
