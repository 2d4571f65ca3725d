import { ACTOR } from './actor.ts';
import { jsonForm, readingOf, type Form } from './form.ts';
import { silenceJson, silenceProblem, type Silence } from './silence.ts';
import { projectIn } from '../google/resource-names.ts';
import { flag, listOf, maybe, moment, shaped, text, type Decoder } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { DAY_MS, isoOf, plusMs, spokenMinute, spokenMinuteBy, type Instant } from '../values/time.ts';

/** What no planned rotation begins in: all secrets, those of a project, or one. */
export interface FrozenScope {
  readonly all?: boolean | undefined;
  /** As the settings name it. */
  readonly project?: string | undefined;
  /** The number of the project, which is all that Secret Manager’s own names have. */
  readonly number?: string | undefined;
  /** Full name, as Secret Manager gives it. */
  readonly secret?: string | undefined;
}

/** A freeze that somebody set: like a silence it has an owner, a reason and an end. Two about the same both count. */
export interface Freeze extends Silence {
  readonly id: string;
  readonly about: FrozenScope;
}

/** So many hold at once, and for no longer: keys grow old meanwhile. */
export const FREEZES_MAX = 20;
const FREEZE_DAYS_MAX = 90;

const FREEZE: Decoder<Freeze> = shaped<Freeze>({
  id: text,
  about: shaped<FrozenScope>({ all: maybe(flag), project: maybe(text), number: maybe(text), secret: maybe(text) }),
  owner: text,
  reason: text,
  until: moment,
  by: maybe(ACTOR),
});

/** The form of all freezes, on the secret of the worker’s own where silences of more than one secret stand too. */
export const FREEZES_FORM: Form<readonly Freeze[]> = {
  annotation: 'key-warden.freezes',
  absent: [],
  ...jsonForm<readonly Freeze[]>({
    read(annotation) {
      const value = parseRecord(annotation);
      return readingOf(value?.['v'] === 1 ? listOf(FREEZE)(value['freezes'])?.value : undefined);
    },
    json: (freezes) => ({
      v: 1,
      freezes: freezes.map((one) => ({ id: one.id, about: one.about, ...silenceJson(one) })),
    }),
  }),
};

/** What is wrong with one that somebody asks for; `undefined` for nothing. */
export function freezeProblem(freeze: Silence, now: Instant): string | undefined {
  const { until } = freeze;
  if (until <= now) return `its end ${spokenMinute(until)} is past`;
  if (until > plusMs(now, FREEZE_DAYS_MAX * DAY_MS))
    return `it ends more than ${FREEZE_DAYS_MAX} days from now: keys grow old meanwhile. Give an earlier end, and set another one then`;
  // Of a silence’s own rules the end was looked at already.
  return silenceProblem({ ...freeze, until: plusMs(now, 1) }, now);
}

/** Those that hold at a moment: one that ends too far ahead, which only a hand can have written, does not. */
export function freezesAt(freezes: readonly Freeze[], now: Instant): readonly Freeze[] {
  return freezes.filter(({ until }) => until > now && until <= plusMs(now, FREEZE_DAYS_MAX * DAY_MS));
}

/** Whether it is about a secret, by the name that Secret Manager gives it. */
export function isAboutSecret({ all, number, secret }: FrozenScope, name: string): boolean {
  return all === true || secret === name || (number !== undefined && number === projectIn(name));
}

/** Whether two are about the same. */
export function isSameScope(one: FrozenScope, other: FrozenScope): boolean {
  return !one.all === !other.all && one.number === other.number && one.secret === other.secret;
}

/** What it is about, in words. */
export function scopeText({ project, secret }: FrozenScope): string {
  return secret ?? (project === undefined ? 'all secrets' : `all secrets of ${project}`);
}

/** A freeze for machines. */
export function freezeJson({ id, about, until, owner, reason }: Freeze) {
  return { id, about: scopeText(about), until: isoOf(until), owner, reason };
}

/** Why a rotation waits for it. */
export function freezeText({ about, owner, reason, until }: Freeze): string {
  return `${owner} froze ${scopeText(about)} until ${spokenMinuteBy(until)}: ${reason}`;
}
