import { freeText } from '../key/free-text.ts';
import { parseRecord } from '../values/json.ts';
import { DAY_MS, isoOf, parseInstant, plusMs, type Instant } from '../values/time.ts';

/** Annotation on a secret that keeps channels quiet about it: `{"v":1,"owner":"…","reason":"…","until":"…"}`. */
export const SILENCE_ANNOTATION = 'key-warden.silence';

/** Who wanted quiet, why, and until when. There is none without an end. */
export interface Silence {
  readonly owner: string;
  readonly reason: string;
  readonly until: Instant;
}

/** `not understood` silences nothing: a typo must not switch alerts off. */
export type SilenceReading =
  | { readonly is: 'none' }
  | { readonly is: 'silent' | 'over'; readonly silence: Silence }
  | { readonly is: 'not understood'; readonly problem: string };

/** A silence that ends later than this from now is taken for a mistake: ours, no standard names one. */
const SILENCE_DAYS_MAX = 30;

/** Reads the annotation as it stands at `now`. */
export function readSilence(annotation: string | undefined, now: Instant): SilenceReading {
  if (annotation === undefined) return { is: 'none' };
  const value = parseRecord(annotation);
  if (value?.['v'] !== 1) return notUnderstood('it is not JSON of version 1');
  const { owner, reason, until } = value;
  if (typeof owner !== 'string' || owner.trim() === '') return notUnderstood('it names no owner');
  if (typeof reason !== 'string' || reason.trim() === '') return notUnderstood('it gives no reason');
  const end = typeof until === 'string' ? parseInstant(until) : undefined;
  if (end === undefined) return notUnderstood('it has no end such as 2026-01-31T12:00:00Z');
  const silence = spoken({ owner, reason, until: end });
  if (end <= now) return { is: 'over', silence };
  if (end > plusMs(now, SILENCE_DAYS_MAX * DAY_MS))
    return notUnderstood(`it ends more than ${SILENCE_DAYS_MAX} days from now`);
  return { is: 'silent', silence };
}

/** A silence as the annotation holds it; read it back to find what is wrong with it. */
export function writeSilence(silence: Silence): string {
  return JSON.stringify({ v: 1, ...spoken(silence), until: isoOf(silence.until) });
}

const OWNER_CHARACTERS_MAX = 100;
const REASON_CHARACTERS_MAX = 300;

/** In the words of a person, whether they came by our hand or were written into the annotation by somebody else's. */
function spoken({ owner, reason, until }: Silence): Silence {
  return { owner: freeText(owner, OWNER_CHARACTERS_MAX), reason: freeText(reason, REASON_CHARACTERS_MAX), until };
}

function notUnderstood(why: string): SilenceReading {
  return { is: 'not understood', problem: `the annotation ${SILENCE_ANNOTATION} is ignored: ${why}` };
}

/** Whose clock decides whether an alert is silenced may be this far behind the one that ended the silence. */
const CLOCKS_APART_MS = 60_000;

/** When a silence that left this annotation was over for everybody; `undefined` while there is none that is over. */
export function heardAgainAt(annotation: string | undefined, now: Instant): Instant | undefined {
  const reading = readSilence(annotation, plusMs(now, -CLOCKS_APART_MS));
  return reading.is === 'over' ? reading.silence.until : undefined;
}
