import { isCause, SEVERITIES, type Cause } from '../causes/causes.ts';
import { KEY_AGES, type KeyCensus } from '../health/key-census.ts';
import type { OpenTrouble } from '../health/open-trouble.ts';
import type { CauseTally, Tally } from '../health/tally.ts';
import { KEY_KINDS } from '../key/key-text.ts';
import { GLOBAL, parseProjectName, parseSecretName } from '../google/resource-names.ts';
import { clip } from '../values/clip.ts';
import { count, flag, listOf, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { isRecord, type JsonRecord } from '../values/json.ts';
import { isoOf } from '../values/time.ts';
import { SHARES_MAX, type Part } from './part.ts';
import { NEEDS, type Keeper, type Notable, type PartLook } from './part-look.ts';

/**
 * What is asked of an instance that looks at a part, and what it answers, as they travel. Two releases may be in flight at once while one is
 * deployed: another number is a part that is not looked at, and is named as that. What is not exactly in this form is refused.
 */
export const SURVEY_SCHEMA = 'key-warden/survey/v1';

/** How an instance is asked. */
export interface SurveyAsk {
  readonly part: Part;
  /** With more secrets than this it looks at none, and says how many there are. */
  readonly most: number;
  readonly deep: 'when_due' | 'always' | 'never';
  /** How often the check runs, which decides whether a deep probe is due in this run. */
  readonly runEveryMinutes: number;
  /** After so many seconds it begins no further secret, and answers how far it got. */
  readonly seconds: number;
}

/** What it answers: its look, or that the part is too large for one. */
export type SurveyAnswer =
  { readonly is: 'look'; readonly look: PartLook } | { readonly is: 'too many'; readonly secrets: number };

/** Secrets that an answer names, and secrets of a part; an answer of that size has a megabyte. */
export const NOTABLE_MAX = 2_000;
export const PART_SECRETS_MAX = 10_000;
const PROBLEMS_MAX = 20;
const MINUTES_MAX = 1_440;
const SECONDS_MAX = 3_300;
const TEXT_MAX = 2_000;

export function askJson({ part, ...how }: SurveyAsk): JsonRecord {
  return { schema: SURVEY_SCHEMA, ...part, ...how };
}

/** Reads an ask; `why` is for whoever calls. */
export function readAsk(value: unknown): SurveyAsk | { readonly why: string } {
  if (!isRecord(value)) return { why: 'the body must be a JSON object' };
  if (value['schema'] !== SURVEY_SCHEMA) return { why: otherSchema(value['schema']) };
  const read = exactly({
    schema: text,
    project: limited(bounded(text, TEXT_MAX), (name) => parseProjectName(`projects/${name}`) === name),
    location: limited(bounded(text, TEXT_MAX), isLocation),
    share: maybe(limited(exactly({ at: count, of: count }), ({ at, of }) => of <= SHARES_MAX && at < of)),
    most: limited(count, (most) => most > 0 && most <= PART_SECRETS_MAX),
    deep: oneOf(['when_due', 'always', 'never']),
    runEveryMinutes: limited(count, (minutes) => minutes > 0 && minutes <= MINUTES_MAX),
    seconds: limited(count, (seconds) => seconds > 0 && seconds <= SECONDS_MAX),
  })(value);
  if (read === undefined)
    return {
      why: 'the body must have project, location, most, deep, runEveryMinutes and seconds, and may have share ({"at":0,"of":2})',
    };
  const { project, location, share, most, deep, runEveryMinutes, seconds } = read.value;
  return {
    part: { project, location, ...(share === undefined ? {} : { share }) },
    most,
    deep,
    runEveryMinutes,
    seconds,
  };
}

export function answerJson(answer: SurveyAnswer): JsonRecord {
  if (answer.is === 'too many') return { schema: SURVEY_SCHEMA, tooMany: answer.secrets };
  const { look } = answer;
  return {
    schema: SURVEY_SCHEMA,
    look: {
      ...look,
      problems: look.problems.slice(0, PROBLEMS_MAX).map((problem) => clip(problem, TEXT_MAX)),
      tally: tallyJson(look.tally),
      beyond: tallyJson(look.beyond),
      open: look.open.map(({ secret, cause, severity, openedAt }) => ({
        secret,
        cause,
        severity,
        openedAt: isoOf(openedAt),
      })),
    },
  };
}

/**
 * Reads the answer about a part. Secrets are named by whoever looked; that they lie in the project and location is only seen by looking
 * at them there, so nothing is done on an answer's word.
 */
export function readAnswer(value: unknown, { project, location }: Part): SurveyAnswer | { readonly why: string } {
  if (!isRecord(value)) return { why: 'it answered no JSON object' };
  if (value['schema'] !== SURVEY_SCHEMA) return { why: otherSchema(value['schema']) };
  const tooMany = exactly({ schema: text, tooMany: count })(value);
  if (tooMany !== undefined) return { is: 'too many', secrets: tooMany.value.tooMany };
  const name = limited(bounded(text, TEXT_MAX), (one) => parseSecretName(one)?.location === location);
  const tally = tallyOf(name);
  const look = exactly({
    expected: count,
    missed: count,
    tally,
    beyond: tally,
    census: exactly<KeyCensus>({
      groups: listOf(exactly({ kind: oneOf(KEY_KINDS), age: oneOf(KEY_AGES), count })),
      due: count,
      overdue: count,
    }),
    notable: atMost(NOTABLE_MAX, exactly<Notable>({ secret: name, cause, need: oneOf(NEEDS) })),
    open: atMost(PART_SECRETS_MAX, exactly({ secret: name, cause, severity: oneOf(SEVERITIES), openedAt: moment })),
    fleetKeeper: maybe(name),
    keeper: maybe(exactly<Keeper>({ secret: name, cause: maybe(cause) })),
    isListed: flag,
    problems: atMost(PROBLEMS_MAX, bounded(text, TEXT_MAX)),
    barred: flag,
  });
  const read = exactly({ schema: text, look })(value)?.value.look;
  if (read === undefined || read.missed > read.expected)
    return { why: 'it answered in no form that this release knows' };
  const open: readonly OpenTrouble[] = read.open.map((one) => ({ ...one, project }));
  return { is: 'look', look: { ...read, open } };
}

/**
 * The name by which a secret of an answer is looked at: within the project that was asked about, whatever project the answer put it in, so
 * that it lies within the settings (I16).
 */
export function nameWithin(project: string, secret: string): string {
  return secret.replace(/^projects\/[^/]+/, `projects/${project}`);
}

function otherSchema(schema: unknown): string {
  return typeof schema === 'string' && /^key-warden\/survey\/v\d{1,4}$/.test(schema)
    ? `it speaks ${schema}, and this release ${SURVEY_SCHEMA}: one of the two is being deployed`
    : `it does not speak ${SURVEY_SCHEMA}`;
}

function isLocation(location: string): boolean {
  return location === GLOBAL || parseSecretName(`projects/p/locations/${location}/secrets/s`)?.location === location;
}

const cause: Decoder<Cause> = (value) => (isCause(value) ? { value } : undefined);

/** A message of Google’s may be as long as it likes; an answer is not refused for one. */
function tallyJson({ causes }: Tally): JsonRecord {
  return Object.fromEntries(
    [...causes].map(([word, { example, ...one }]) => [
      word,
      { ...one, example: { ...example, message: clip(example.message, TEXT_MAX) } },
    ]),
  );
}

function tallyOf(name: Decoder<string>): Decoder<Tally> {
  const depths = exactly({ none: count, shallow: count, deep: count });
  const ofCause = exactly<CauseTally>({
    depths,
    example: exactly({ secret: name, message: bounded(text, TEXT_MAX) }),
    keyProject: maybe(bounded(text, TEXT_MAX)),
  });
  return (value) => {
    if (!isRecord(value)) return undefined;
    const causes = new Map<Cause, CauseTally>();
    for (const [word, one] of Object.entries(value)) {
      const [known, read] = [cause(word), ofCause(one)];
      if (known === undefined || read === undefined) return undefined;
      causes.set(known.value, read.value);
    }
    return { value: { causes } };
  };
}

type Shape<T> = { readonly [Field in keyof T]-?: Decoder<T[Field]> };

/** An object with these fields and no other. */
function exactly<T extends object>(shape: Shape<T>): Decoder<T> {
  return (value) => {
    if (!isRecord(value) || Object.keys(value).some((name) => !Object.hasOwn(shape, name))) return undefined;
    return shaped(shape)(value);
  };
}

function limited<T>(decoder: Decoder<T>, isWithin: (value: T) => boolean): Decoder<T> {
  return (value) => {
    const read = decoder(value);
    return read === undefined || !isWithin(read.value) ? undefined : read;
  };
}

function bounded(decoder: Decoder<string>, most: number): Decoder<string> {
  return limited(decoder, ({ length }) => length <= most);
}

function atMost<T>(most: number, item: Decoder<T>): Decoder<readonly T[]> {
  return (value) => (Array.isArray(value) && value.length > most ? undefined : listOf(item)(value));
}
