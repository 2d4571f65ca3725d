import type { InFlight, Candidate, KeyHandle, Reason, Rest } from '../record/journal.ts';
import { freeText } from '../key/free-text.ts';
import type { MintPolicy } from '../record/mint-policy.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';

/** What to begin: by a person, a schedule, an event, or the worker itself. */
export interface Opening {
  readonly reason: Reason;
  /** In the words of whoever asked. */
  readonly note?: string | undefined;
  readonly candidate: Candidate;
  readonly emergency: boolean;
  /** The same request opens one rotation, however often it is delivered. */
  readonly requestId?: string | undefined;
  /** What the new key should be, over every policy. */
  readonly mint?: MintPolicy | undefined;
  /** The version consumers read now. */
  readonly from: number;
  /** The version that holds the new key already: for an adopted candidate, and for a rollback the one to leave. */
  readonly to?: number | undefined;
  /** For a rollback: the keys at the issuer of both versions, where they are known. */
  readonly fromKey?: KeyHandle | undefined;
  readonly toKey?: KeyHandle | undefined;
}

/**
 * The journal that begins a rotation. The id is made of the secret and the moment: of two workers that open at the
 * same moment only one commits, and a key minted under it can be found again by anybody who reads the journal.
 */
export function opened(secret: string, rest: Rest, opening: Opening, now: Instant): InFlight {
  const { reason, note, candidate, emergency, requestId, mint, from, to, fromKey, toKey } = opening;
  const { phase: _, ...remembered } = rest;
  return {
    phase: firstPhase(opening),
    id: `kw-${stableHash(secret).toString(36)}-${now.toString(36)}`,
    requestId,
    reason,
    note: noteOf(note),
    emergency,
    candidate,
    mint,
    from,
    to,
    fromKey,
    toKey,
    openedAt: now,
    since: now,
    promotedAt: reason === 'rollback' ? now : undefined,
    tries: 0,
    held: false,
    rest: remembered,
  };
}

/** Annotations are 16 KiB in all. */
const NOTE_CHARACTERS_MAX = 200;

/** A person's words as a journal may hold them. */
export function noteOf(note: string | undefined): string | undefined {
  return note === undefined ? undefined : freeText(note, NOTE_CHARACTERS_MAX);
}

/** What somebody added is written already; going back to an earlier key begins where a rotation in flight would turn. */
function firstPhase({ reason, candidate }: Opening): InFlight['phase'] {
  if (reason === 'rollback') return 'reverting';
  return candidate === 'adopted' ? 'written' : 'opened';
}
