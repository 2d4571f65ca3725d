import type { Past, Retired } from '../../core/record/ledger.ts';
import type { Actor } from '../../core/record/actor.ts';
import { DAY_MS, isoOf, plusMs, spokenMinute, spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import type { SecretName } from '../ports/ports.ts';
import type { Member } from './fleet.ts';

/** A rotation as an auditor asks about it: who, when, why, what came of it, and what became of the old key. */
export interface PastRotation {
  readonly secret: SecretName;
  readonly id: string;
  /** When it ended; absent while it goes on. */
  readonly endedAt?: Instant | undefined;
  readonly openedAt?: Instant | undefined;
  readonly outcome: Past['outcome'] | 'under way' | 'held';
  readonly reason: Past['reason'];
  /** Who asked for it; absent where the worker began it by itself. */
  readonly by?: Actor | undefined;
  readonly from: number;
  readonly to?: number | undefined;
  readonly why?: string | undefined;
  readonly oldKey: OldKey;
}

/** What is on record of the key that was replaced. `dead` is a proof: the issuer deleted it, and Gemini refused it after that. */
export interface OldKey {
  readonly is: 'in use' | 'disabled' | 'deleted' | 'dead' | 'leak open' | 'key not known' | 'not on record';
  readonly deletedAt?: Instant | undefined;
  readonly provenDeadAt?: Instant | undefined;
  /** In words. */
  readonly says: string;
}

/** The rotations of a secret that are on record, newest first, one under way included. */
export function pastRotationsIn(member: Member): readonly PastRotation[] {
  const { secret, rotation, history = [] } = member;
  const past = history.map((one): PastRotation => {
    const { id, at: endedAt, outcome, reason, by, from, to, why } = one;
    return { secret, id, endedAt, outcome, reason, by, from, to, why, oldKey: oldKeyOf(member, one) };
  });
  if (rotation === undefined || rotation.phase === 'resting') return past;
  const { id, openedAt, reason, by, from, to, why, held } = rotation;
  const oldKey: OldKey = { is: 'in use', says: `version ${from} is not retired yet` };
  return [{ secret, id, openedAt, outcome: held ? 'held' : 'under way', reason, by, from, to, why, oldKey }, ...past];
}

function oldKeyOf({ leaks, retired, retentionDays }: Member, { id, outcome, reason, from, at }: Past): OldKey {
  if (outcome === 'abandoned') return { is: 'in use', says: `consumers kept version ${from}` };
  const old = retired?.find(({ rotation }) => rotation === id);
  if (leaks?.some(({ version }) => version === from)) return leakedKey(from, old);
  if (old !== undefined) return retiredKey(old, retentionDays);
  if (retired === undefined) return { is: 'not on record', says: 'the list of old keys cannot be read' };
  return {
    is: 'not on record',
    says:
      reason === 'rollback'
        ? `whatever became of version ${from} was decided by the rotation that was undone`
        : `version ${from} is off the list of old keys: the purge takes one off that is proven dead and destroyed, and a rollback one that it brings back, after ${spokenMinute(at)}`,
  };
}

/** A leak stays open for longer than the purge takes to see one refusal (I18): both are said, so that neither seems to deny the other. */
function leakedKey(from: number, { deletedAt, provenDeadAt }: Partial<Retired> = {}): OldKey {
  const key = `the key of version ${from}`;
  if (provenDeadAt === undefined)
    return { is: 'leak open', deletedAt, says: `${key} leaked, and nothing proves that it is dead` };
  return {
    is: 'leak open',
    deletedAt,
    provenDeadAt,
    says: `${key} leaked, and the purge saw it refused ${spokenMinute(provenDeadAt)}: the leak is open until reconcile has seen it refused for half an hour`,
  };
}

/** What is on record of an old key that is on the list. */
export function retiredKey(
  { version, at, deletedAt, provenDeadAt, keyUnknown, urgent }: Retired,
  retentionDays: number,
): OldKey {
  if (provenDeadAt !== undefined)
    return {
      is: 'dead',
      deletedAt,
      provenDeadAt,
      says: `the key of version ${version} is dead: ${deletedAt === undefined ? '' : `deleted ${spokenMinute(deletedAt)}, `}refused ${spokenMinute(provenDeadAt)}`,
    };
  if (deletedAt !== undefined)
    return {
      is: 'deleted',
      deletedAt,
      says: `the key of version ${version} was deleted ${spokenMinute(deletedAt)}, and is not proven dead yet`,
    };
  if (keyUnknown !== undefined)
    return { is: 'key not known', says: `version ${version} is disabled, its key not known: ${keyUnknown}` };
  const until = spokenMinuteBy(plusMs(at, retentionDays * DAY_MS));
  return {
    is: 'disabled',
    says: `version ${version} is disabled; its key is ${urgent === true ? 'deleted by the next purge' : `kept until ${until}`}`,
  };
}

/** A rotation in `history --json`. */
export function pastRotationJson({ endedAt, openedAt, oldKey, ...told }: PastRotation) {
  const { deletedAt, provenDeadAt, ...known } = oldKey;
  const iso = (at: Instant | undefined) => (at === undefined ? null : isoOf(at));
  return {
    ...told,
    openedAt: iso(openedAt),
    endedAt: iso(endedAt),
    oldKey: { ...known, deletedAt: iso(deletedAt), provenDeadAt: iso(provenDeadAt) },
  };
}
