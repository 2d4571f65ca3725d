import { ACTOR } from './actor.ts';
import { jsonForm, readingOf, type Form } from './form.ts';
import { silenceJson, silenceProblem, type Silence } from './silence.ts';
import { CAUSES, isCause, type Cause } from '../causes/causes.ts';
import { flag, listOf, maybe, moment, shaped, text, type Decoder } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { DAY_MS, plusMs, type Instant } from '../values/time.ts';

/** What a silence is about that is not one secret’s: outages, a cause, or everything of a project. What is named must all fit. */
export interface Breadth {
  readonly outages?: boolean | undefined;
  readonly cause?: Cause | undefined;
  /** As the settings name it. */
  readonly project?: string | undefined;
}

export interface WideSilence extends Silence {
  readonly about: Breadth;
}

/** So much is quiet at once, and for no longer: it hides what nobody has thought of yet. */
export const WIDE_SILENCES_MAX = 20;
const WIDE_DAYS_MAX = 7;
/** One that is over is kept for so long, so that whoever reads it knows what was not heard. */
const KEPT_DAYS = 7;

const CAUSE: Decoder<Cause> = (value) => (isCause(value) ? { value } : undefined);
const WIDE: Decoder<WideSilence> = shaped<WideSilence>({
  about: shaped<Breadth>({ outages: maybe(flag), cause: maybe(CAUSE), project: maybe(text) }),
  owner: text,
  reason: text,
  until: moment,
  by: maybe(ACTOR),
});

/** The form of the silences of more than one secret, on the secret of the worker’s own. */
export const WIDE_SILENCES_FORM: Form<readonly WideSilence[]> = {
  annotation: 'key-warden.silences',
  absent: [],
  ...jsonForm<readonly WideSilence[]>({
    read(annotation) {
      const value = parseRecord(annotation);
      return readingOf(value?.['v'] === 1 ? listOf(WIDE)(value['silences'])?.value : undefined);
    },
    // By its id an entry is the same one at another place of the list.
    json: (silences) => ({
      v: 1,
      silences: silences.map((one) => ({
        id: breadthWords(one.about).join(' '),
        about: one.about,
        ...silenceJson(one),
      })),
    }),
  }),
};

/** What is wrong with one that somebody asks for; `undefined` for nothing. */
export function wideProblem(silence: WideSilence, now: Instant): string | undefined {
  const { about, until } = silence;
  if (!about.outages && about.cause === undefined && about.project === undefined)
    return 'it names neither outages nor a cause nor a project';
  if (about.cause === 'key_leaked') return 'a leak is silenced secret by secret';
  if (until > plusMs(now, WIDE_DAYS_MAX * DAY_MS))
    return `it ends more than ${WIDE_DAYS_MAX} days from now, which one of a single secret may`;
  return silenceProblem(silence, now);
}

/** The list with one more in place of one about the same, without those that are long over; `undefined` where it is full. */
export function withWideSilence(
  silences: readonly WideSilence[],
  silence: WideSilence,
  now: Instant,
): readonly WideSilence[] | undefined {
  const others = silences.filter((one) => !isAlike(one.about, silence.about));
  const left = others.filter(({ until }) => until > plusMs(now, -KEPT_DAYS * DAY_MS));
  const lasting = left.filter(({ until }) => until > now);
  if (lasting.length >= WIDE_SILENCES_MAX) return undefined;
  return [...left.slice(-(WIDE_SILENCES_MAX - 1)), silence];
}

/** Whether two are about the same. */
export function isAlike(one: Breadth, other: Breadth): boolean {
  return one.cause === other.cause && one.project === other.project && !one.outages === !other.outages;
}

/** Whether it counts at a moment: one that ends too far ahead, which only a hand can have written, does not. */
export function isWideAt({ until }: Silence, now: Instant): boolean {
  return until > now && until <= plusMs(now, WIDE_DAYS_MAX * DAY_MS);
}

/** What our own command says of it. */
export function breadthWords({ outages, cause, project }: Breadth): readonly string[] {
  const about = [...(outages ? ['--outages'] : []), ...(cause === undefined ? [] : ['--cause', cause])];
  return [...(about.length === 0 ? ['--everything'] : about), ...(project === undefined ? [] : ['--project', project])];
}

/** What it is about, in words. */
export function breadthText({ outages, cause, project }: Breadth): string {
  const what = [...(outages ? ['outages'] : []), ...(cause === undefined ? [] : [`“${CAUSES[cause].title}”`])];
  const where = project === undefined ? [] : [`in ${project}`];
  return [...(what.length === 0 ? ['everything'] : [what.join(' by ')]), ...where].join(' ');
}
