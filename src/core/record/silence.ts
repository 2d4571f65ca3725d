import { ACTOR, actorJson, type Actor } from './actor.ts';
import { freeText } from '../key/free-text.ts';
import { parseRecord, type JsonRecord } from '../values/json.ts';
import { jsonForm, type Form, type Reading } from './form.ts';
import { partOf, type Part } from './part.ts';
import { clipBytes } from '../values/utf8.ts';
import { DAY_MS, isoOf, parseInstant, plusMs, spokenMinute, type Instant } from '../values/time.ts';

/** Annotation on a secret that keeps channels quiet about it: `{"v":1,"owner":"…","reason":"…","until":"…"}`. */
export const SILENCE_ANNOTATION = 'key-warden.silence';

/** Who wanted quiet, why, and until when. There is none without an end. */
export interface Silence {
  readonly owner: string;
  readonly reason: string;
  readonly until: Instant;
  /** Whose hand set it, or ended it before its time; a person who writes the annotation himself names none. */
  readonly by?: Actor | undefined;
}

/** How a silence stands at a moment. `not understood` silences nothing: a typo must not switch alerts off. */
export type SilenceState =
  | { readonly is: 'none' }
  | { readonly is: 'silent' | 'over'; readonly silence: Silence }
  | { readonly is: 'not understood'; readonly problem: string };

/** A silence that ends later than this from now is taken for a mistake: ours, no standard names one. */
const SILENCE_DAYS_MAX = 30;
const TOO_LONG = `it ends more than ${SILENCE_DAYS_MAX} days from now`;

function isTooLong({ until }: Silence, now: Instant): boolean {
  return until > plusMs(now, SILENCE_DAYS_MAX * DAY_MS);
}

/** A silence as the annotation holds it, or what is wrong with that. */
function readSilence(text: string): Reading<Silence> {
  const value = parseRecord(text);
  if (value?.['v'] !== 1) return { why: 'it is not JSON of version 1' };
  const { owner, reason, until } = value;
  if (typeof owner !== 'string' || owner.trim() === '') return { why: 'it names no owner' };
  if (typeof reason !== 'string' || reason.trim() === '') return { why: 'it gives no reason' };
  const end = typeof until === 'string' ? parseInstant(until) : undefined;
  if (end === undefined) return { why: 'it has no end such as 2026-01-31T12:00:00Z' };
  const by = ACTOR(value['by'])?.value;
  return { value: spoken({ owner, reason, until: end, ...(by === undefined ? {} : { by }) }) };
}

/** The form of a silence, which may be a person’s own hand. */
export const SILENCE_FORM: Form<Silence | null> = {
  annotation: SILENCE_ANNOTATION,
  absent: null,
  ...jsonForm<Silence>({
    read: readSilence,
    json: (silence) => ({ v: 1, ...silenceJson(silence) }),
  }),
};

/** A silence as annotations hold it. */
export function silenceJson(silence: Silence): JsonRecord {
  const { owner, reason } = spoken(silence);
  const words = { owner: clipBytes(owner, OWNER_CHARACTERS_MAX), reason: clipBytes(reason, REASON_CHARACTERS_MAX) };
  return { ...words, until: isoOf(silence.until), by: actorJson(silence.by) };
}

/** What is remembered as a secret's silence, as it stands at `now`. */
export function silenceAt(part: Part<Silence | null>, now: Instant): SilenceState {
  if (part.is === 'unreadable') return notUnderstood(part.why);
  const silence = part.value;
  if (silence === null) return { is: 'none' };
  if (silence.until <= now) return { is: 'over', silence };
  return isTooLong(silence, now) ? notUnderstood(TOO_LONG) : { is: 'silent', silence };
}

/** What is wrong with a silence that somebody asks for, read as the pipeline will read it; `undefined` for nothing. */
export function silenceProblem(silence: Silence, now: Instant): string | undefined {
  const part = partOf(SILENCE_FORM, SILENCE_FORM.write(silence));
  if (part.is === 'unreadable') return part.why;
  if (silence.until <= now) return `its end ${spokenMinute(silence.until)} is past`;
  return isTooLong(silence, now) ? TOO_LONG : undefined;
}

const OWNER_CHARACTERS_MAX = 100;
const REASON_CHARACTERS_MAX = 300;

/** In the words of a person, whether they came by our hand or were written into the annotation by somebody else's. */
export function spoken({ owner, reason, ...others }: Silence): Silence {
  return { ...others, owner: freeText(owner, OWNER_CHARACTERS_MAX), reason: freeText(reason, REASON_CHARACTERS_MAX) };
}

function notUnderstood(why: string): SilenceState {
  return { is: 'not understood', problem: `the annotation ${SILENCE_ANNOTATION} is ignored: ${why}` };
}

/** Whose clock decides whether an alert is silenced may be this far behind the one that ended the silence. */
const CLOCKS_APART_MS = 60_000;

/** When a silence was over for everybody; `undefined` while there is none that is over. */
export function heardAgainAt(part: Part<Silence | null>, now: Instant): Instant | undefined {
  const state = silenceAt(part, plusMs(now, -CLOCKS_APART_MS));
  return state.is === 'over' ? state.silence.until : undefined;
}
