import { isCause, SEVERITIES, type Cause } from '../causes/causes.ts';
import { count, isoFields, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { EPISODE_OPENINGS, UNSEEN, type Episode, type Health } from './health-state.ts';
import { jsonForm, readingOf, type Form } from './form.ts';
import { KEY_KINDS } from '../key/key-text.ts';
import { parseRecord, type JsonRecord } from '../values/json.ts';

/** Annotation that remembers a secret's health between runs; absent while nothing was ever wrong. */
export const HEALTH_ANNOTATION = 'key-warden.health';

/**
 * Annotations in which one secret remembers outages for all, in the form of its own health: there is no other place for
 * them. Which secret it is does not matter; it is found by looking through all of them.
 */
export const OUTAGE_ANNOTATION = 'key-warden.outage';
export const PROJECT_OUTAGE_ANNOTATION = 'key-warden.project-outage';

/** Health as it is written, readable with `gcloud secrets describe`. */
function healthJson(health: Health): JsonRecord {
  return {
    v: 1,
    ...health,
    ...('since' in health ? isoFields({ since: health.since }) : {}),
    ...('lastGoodAt' in health ? isoFields({ lastGoodAt: health.lastGoodAt }) : {}),
    ...('episode' in health ? { episode: episodeJson(health.episode) } : {}),
    ...('untold' in health && health.untold !== undefined ? { untold: episodeJson(health.untold) } : {}),
  };
}

/** Health as read; `undefined` for anything this release does not understand. */
function readHealth(annotation: string): Health | undefined {
  const value = parseRecord(annotation);
  const episodes = count(value?.['episodes'])?.value;
  if (value?.['v'] !== 1 || episodes === undefined) return undefined;
  switch (value['is']) {
    case 'well': {
      const untold = maybe(EPISODE)(value['untold']);
      const since = moment(value['since'])?.value;
      const keyKind = KIND(value['keyKind'])?.value;
      return untold && { is: 'well', episodes, since, keyKind, untold: untold.value };
    }
    case 'suspect':
      return SUSPECT(value)?.value;
    case 'sick':
      return SICK(value)?.value;
    case 'mending':
      return MENDING(value)?.value;
    default:
      return undefined;
  }
}

const CAUSE: Decoder<Cause> = (value) => (isCause(value) ? { value } : undefined);
const EPISODE: Decoder<Episode> = shaped<Episode>({
  id: text,
  openedAt: moment,
  cause: CAUSE,
  severity: oneOf(SEVERITIES),
  announcedAt: moment,
  reminders: count,
  lastGoodAt: maybe(moment),
  untold: maybe(oneOf(EPISODE_OPENINGS)),
});
const KIND = oneOf(KEY_KINDS);
const SUSPECT: Decoder<In<'suspect'>> = shaped<In<'suspect'>>({
  is: oneOf(['suspect']),
  episodes: count,
  since: moment,
  cause: CAUSE,
  runs: count,
  lastGoodAt: maybe(moment),
});
const SICK: Decoder<In<'sick'>> = shaped<In<'sick'>>({ is: oneOf(['sick']), episodes: count, episode: EPISODE });
const MENDING: Decoder<In<'mending'>> = shaped<In<'mending'>>({
  is: oneOf(['mending']),
  episodes: count,
  episode: EPISODE,
  goodRuns: count,
});

type In<Is extends Health['is']> = Extract<Health, { readonly is: Is }>;

function episodeJson(episode: Episode): JsonRecord {
  const { openedAt, announcedAt, lastGoodAt } = episode;
  return { ...episode, ...isoFields({ openedAt, announcedAt, lastGoodAt }) };
}

/** The form of health. An episode stays the same one while it is over and untold. */
const FORM: Omit<Form<Health>, 'annotation'> = {
  absent: UNSEEN,
  ...jsonForm<Health>({
    read: (annotation) => readingOf(readHealth(annotation)),
    json: healthJson,
    objectAt: (path) => (path === '.untold' ? '.episode' : path),
  }),
};

export const HEALTH_FORM: Form<Health> = { annotation: HEALTH_ANNOTATION, ...FORM };
export const OUTAGE_FORM: Form<Health> = { annotation: OUTAGE_ANNOTATION, ...FORM };
export const PROJECT_OUTAGE_FORM: Form<Health> = { annotation: PROJECT_OUTAGE_ANNOTATION, ...FORM };
