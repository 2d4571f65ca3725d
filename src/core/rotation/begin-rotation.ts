import type { InFlight, Opening, Rest } from '../record/journal.ts';
import { freeText } from '../key/free-text.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import { clipBytes } from '../values/utf8.ts';
import type { Instant } from '../values/time.ts';

/**
 * The journal that begins a rotation. The id is made of the secret and the moment: of two workers that open at the
 * same moment only one commits, and a key minted under it can be found again by anybody who reads the journal.
 */
export function opened(secret: string, rest: Rest, opening: Opening, now: Instant): InFlight {
  const {
    reason,
    note,
    by,
    candidate,
    emergency,
    requestId,
    mint,
    from,
    to,
    form,
    alone,
    keepOld,
    fromKey,
    toKey,
    toKeyMadeAt,
  } = opening;
  const { phase: _, due: __, ...remembered } = rest;
  return {
    phase: firstPhase(opening),
    id: `${rotationIdPrefix(secret)}${now.toString(36)}`,
    requestId,
    reason,
    note: noteOf(note),
    by,
    emergency,
    candidate,
    mint,
    from,
    to,
    form:
      form === undefined
        ? undefined
        : { ...form, fields: form.fields.slice(0, FIELDS_MAX).map((field) => clipBytes(field, FIELD_BYTES_MAX)) },
    alone,
    keepOld,
    fromKey,
    toKey,
    toKeyMadeAt,
    openedAt: now,
    since: now,
    promotedAt: reason === 'rollback' ? now : undefined,
    tries: 0,
    held: false,
    rest: remembered,
  };
}

/** How the ids of all rotations of a secret begin, and so the ids of the keys that they mint. `secret` as Google spells it. */
export function rotationIdPrefix(secret: string): string {
  return `kw-${stableHash(secret).toString(36)}-`;
}

/** The same key in more fields than this is kept in all of them; the journal names some. Annotations are 16 KiB in all. */
const FIELDS_MAX = 3;
const FIELD_BYTES_MAX = 150;

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
