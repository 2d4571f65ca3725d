import { changeOf } from '../../core/record/secret-record.ts';
import type { InFlight, Journal } from '../../core/record/journal.ts';
import { withUntold, type Untold } from '../../core/record/outbox.ts';
import { advance } from '../../core/rotation/advance.ts';
import { entryFor, type PastRotations } from '../../core/rotation/commit-entry.ts';
import { currentAfter } from '../../core/rotation/last-current.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { stepToTell } from '../../core/rotation/step-to-tell.ts';
import { clip } from '../../core/values/clip.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault, type FaultCode } from '../ports/fault.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';
import type { Step } from './tick.ts';

/** A decision and what it led to, as it is to be put on record. */
interface Move {
  readonly by: string;
  readonly before: Journal;
  readonly after: Journal;
  readonly past: PastRotations;
  /** What is on record as untold, without what was told since. */
  readonly untold: readonly Untold[];
  readonly policy: RotationPolicy;
  readonly now: Instant;
  /** It only says that the real one was refused. */
  readonly isNote?: boolean;
}

/** One write: the journal, what moves with it, and that somebody is to be told of it (I15). */
export async function commitStep(vault: Vault, sighting: SecretSighting, move: Move): Promise<Step> {
  const { by, before, after, past, untold, now } = move;
  const { record, aliases } = entryFor(before, after, past, now, sighting.aliases['previous']);
  const { lastCurrent: known } = sighting.record;
  // What a newer release remembers is left as it is.
  const lastCurrent =
    known.is === 'read'
      ? currentAfter(known.value ?? undefined, sighting.aliases['current'], aliases['current'] ?? undefined, now)
      : undefined;
  const step = stepToTell(before, after);
  const outbox = step === undefined ? untold : withUntold(untold, step.untold);
  const change = {
    annotations: changeOf(sighting.record, { ...record, outbox, ...(lastCurrent && { lastCurrent }) }),
    aliases,
  };
  const done = await attempt(() => vault.commit(sighting, change));
  if (!(done instanceof Fault)) return { did: 'moved', by, before, after, left: done };
  if (done.code === 'stale') return { did: 'lost', why: done.message };
  if (before.phase === 'resting' || !REFUSALS.includes(done.code)) throw done;
  return move.isNote === true ? { did: 'refused', refusal: done } : noteRefusal(vault, sighting, move, before, done);
}

/** Answers of Secret Manager after which the same write is refused again. */
const REFUSALS: readonly FaultCode[] = ['denied', 'invalid', 'wrong_state'];

/**
 * A refused write is an outcome like any other: it is counted, tried again later, and held or given up in the end. A full record may
 * still take the smaller write that says so; a missing permission lets nothing be written.
 */
async function noteRefusal(
  vault: Vault,
  sighting: SecretSighting,
  move: Move,
  before: InFlight,
  refusal: Fault,
): Promise<Step> {
  if (refusal.code === 'denied') return { did: 'refused', refusal };
  const why = `the record of this step was refused: ${clip(refusal.message, REFUSAL_CHARACTERS_MAX)}`;
  const after = advance(before, { kind: 'unsure', why }, move.policy, move.now);
  const noted = await commitStep(vault, sighting, { ...move, by: why, after, isNote: true });
  return noted.did === 'refused' ? { did: 'refused', refusal } : noted;
}

const REFUSAL_CHARACTERS_MAX = 120;
