import { ACTOR, actorJson } from './actor.ts';
import { FORM_KINDS, type KeptForm } from '../key/stored-form.ts';
import { clipBytes } from '../values/utf8.ts';
import { count, flag, isoFields, listOf, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { parseRecord, type JsonRecord } from '../values/json.ts';
import { jsonForm, readingOf, removedWhen, type Form } from './form.ts';
import {
  CANDIDATES,
  DRAIN_USES,
  DUE_BECAUSE,
  NEVER_ROTATED,
  ROTATION_REASONS,
  STEERINGS,
  WISHES,
  type Drain,
  type Due,
  type InFlight,
  type Journal,
  type KeyHandle,
  type Lease,
  type RotationReason,
  type Rest,
  type Steered,
  ALONE,
} from './journal.ts';
import { MINTED_KEY_KINDS, ON_OR_OFF, type MintPolicy } from './mint-policy.ts';
import { ACTS, FLIGHT_PHASES } from './phases.ts';
import { isoOf } from '../values/time.ts';

/** Annotation that holds the journal of a secret's rotation; absent for one that was never rotated. */
export const ROTATION_ANNOTATION = 'key-warden.rotation';

/** The journal as it is written. */
function journalJson(journal: Journal): JsonRecord {
  if (journal.phase === 'resting') {
    const { failures, notBefore, passedOver, due } = journal;
    const waits = due === undefined ? {} : { due: { since: isoOf(due.since), reason: due.reason } };
    return { v: FIRST_NUMBER, phase: 'resting', failures, passedOver, ...isoFields({ notBefore }), ...waits };
  }
  const {
    openedAt,
    since,
    promotedAt,
    notBefore,
    toKeyMadeAt,
    lease,
    drain,
    rest,
    why,
    note,
    by,
    fromKeyUnknown,
    steered,
  } = journal;
  return {
    v: isForThisRelease(journal) ? NUMBER : FIRST_NUMBER,
    ...journal,
    ...isoFields({ openedAt, since, promotedAt, notBefore, toKeyMadeAt }),
    note: clipped(note, NOTE_BYTES_MAX),
    by: actorJson(by),
    fromKeyUnknown: clipped(fromKeyUnknown, UNKNOWN_BYTES_MAX),
    why: clipped(why, WHY_BYTES_MAX),
    lease: lease === undefined ? undefined : { ...lease, until: isoOf(lease.until) },
    drain: drain === undefined ? undefined : { ...drain, ...isoFields({ at: drain.at, deadSince: drain.deadSince }) },
    steered: steeredJson(steered),
    rest: { ...rest, ...isoFields({ notBefore: rest.notBefore }) },
  };
}

/** What somebody asked of a rotation in flight, as records and events hold it. */
export function steeredJson(steered: Steered | undefined): JsonRecord | undefined {
  return steered === undefined ? undefined : { to: steered.to, by: actorJson(steered.by) };
}

/** The number of records that the first release reads, and of those that it must not go on with. */
const FIRST_NUMBER = 1;
const NUMBER = 2;

/**
 * Whether the first release would do harm by what it does not know of: it would write a bare key over the form of a value, and end a
 * drain after six hours that waits for a longer silence. It refuses the number, and holds.
 */
function isForThisRelease({ form, keepOld, alone, phase, drain }: InFlight): boolean {
  const isKept = form !== undefined || keepOld !== undefined || alone !== undefined;
  return isKept || (phase === 'promoted' && drain?.hours !== undefined);
}

/** What Google says can be long, and the annotations of a secret are 16 KiB in all. */
const WHY_BYTES_MAX = 440;
const NOTE_BYTES_MAX = 200;
const UNKNOWN_BYTES_MAX = 365;

function clipped(words: string | undefined, bytesMax: number): string | undefined {
  return words === undefined ? undefined : clipBytes(words, bytesMax);
}

/** The journal as read; `undefined` for anything this release does not understand. */
function readJournal(annotation: string): Journal | undefined {
  const value = parseRecord(annotation);
  if (value?.['v'] !== FIRST_NUMBER && value?.['v'] !== NUMBER) return undefined;
  return (value['phase'] === 'resting' ? REST(value) : IN_FLIGHT(value))?.value;
}

const REMEMBERED = { failures: count, notBefore: maybe(moment), passedOver: listOf(count) };
const DUE: Decoder<Due> = shaped<Due>({ since: moment, reason: oneOf(DUE_BECAUSE) });
const REST: Decoder<Rest> = shaped<Rest>({ phase: oneOf(['resting']), ...REMEMBERED, due: maybe(DUE) });
/** A key at the issuer and a reason, as the journal and the books both hold them. */
export const KEY: Decoder<KeyHandle> = shaped<KeyHandle>({ name: text, uid: text });
export const REASON: Decoder<RotationReason> = oneOf(ROTATION_REASONS);
const MINT: Decoder<MintPolicy> = shaped<MintPolicy>({
  keyProject: maybe(text),
  keyServiceAccount: maybe(text),
  keyKind: maybe(oneOf(MINTED_KEY_KINDS)),
  dropTargets: maybe(oneOf(ON_OR_OFF)),
  keyField: maybe(text),
  carryAnnotations: maybe(text),
});
const FORM: Decoder<KeptForm> = shaped<KeptForm>({
  is: oneOf(FORM_KINDS),
  fields: listOf(text),
  base64: maybe(count),
});
const LEASE: Decoder<Lease> = shaped<Lease>({ holder: text, act: oneOf(ACTS), until: moment });

const DRAIN: Decoder<Drain> = shaped<Drain>({
  use: oneOf(DRAIN_USES),
  requests: maybe(count),
  hours: maybe(count),
  pauseHours: maybe(count),
  why: maybe(text),
  at: moment,
  deadSince: maybe(moment),
  overdue: maybe(flag),
});

const STEERED: Decoder<Steered> = shaped<Steered>({ to: oneOf(STEERINGS), by: ACTOR });

const IN_FLIGHT: Decoder<InFlight> = shaped<InFlight>({
  phase: oneOf(FLIGHT_PHASES),
  id: text,
  requestId: maybe(text),
  reason: REASON,
  note: maybe(text),
  by: maybe(ACTOR),
  emergency: flag,
  candidate: oneOf(CANDIDATES),
  mint: maybe(MINT),
  from: count,
  to: maybe(count),
  form: maybe(FORM),
  alone: maybe(oneOf(ALONE)),
  keepOld: maybe(flag),
  fromKey: maybe(KEY),
  fromKeyUnknown: maybe(text),
  toKey: maybe(KEY),
  toKeyMadeAt: maybe(moment),
  tombstone: maybe(text),
  openedAt: moment,
  since: moment,
  promotedAt: maybe(moment),
  lease: maybe(LEASE),
  tries: count,
  notBefore: maybe(moment),
  why: maybe(text),
  drain: maybe(DRAIN),
  held: flag,
  holds: maybe(count),
  wish: maybe(oneOf(WISHES)),
  steered: maybe(STEERED),
  rest: shaped<InFlight['rest']>(REMEMBERED),
});

/**
 * The form of the journal: where it is not understood, nothing is done to the secret. At rest the record is what a
 * rotation in flight carries along as `rest`.
 */
export const ROTATION_FORM: Form<Journal> = {
  annotation: ROTATION_ANNOTATION,
  absent: NEVER_ROTATED,
  ...removedWhen(
    isNothing,
    jsonForm<Journal>({
      read: (annotation) => readingOf(readJournal(annotation)),
      json: journalJson,
      objectAt: (path, { phase }) => (phase === 'resting' && path === '' ? '.rest' : path),
    }),
  ),
};

function isNothing(journal: Journal): boolean {
  if (journal.phase !== 'resting') return false;
  const { failures, notBefore, passedOver, due } = journal;
  return failures === 0 && notBefore === undefined && passedOver.length === 0 && due === undefined;
}
