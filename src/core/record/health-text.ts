import { isCause, SEVERITIES, type Cause } from '../causes/causes.ts';
import { count, isoFields, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { EPISODE_OPENINGS, UNSEEN, type Episode, type Health } from './health-state.ts';
import { parseRecord, type JsonRecord } from '../values/json.ts';

/** Annotation that remembers a secret's health between runs; absent while nothing was ever wrong. */
export const HEALTH_ANNOTATION = 'key-warden.health';

/** Health as written to the annotation: one line of versioned JSON, readable with `gcloud secrets describe`. */
export function writeHealth(health: Health): string {
  return JSON.stringify({
    v: 1,
    ...health,
    ...('since' in health ? isoFields({ since: health.since }) : {}),
    ...('lastGoodAt' in health ? isoFields({ lastGoodAt: health.lastGoodAt }) : {}),
    ...('episode' in health ? { episode: episodeJson(health.episode) } : {}),
    ...('untold' in health && health.untold !== undefined ? { untold: episodeJson(health.untold) } : {}),
  });
}

/**
 * Health as read from the annotation. `undefined` for anything this release does not understand: the caller leaves
 * such an annotation alone and says so, because a newer release or a person may have written it.
 */
export function readHealth(annotation: string | undefined): Health | undefined {
  if (annotation === undefined) return UNSEEN;
  const value = parseRecord(annotation);
  const episodes = count(value?.['episodes'])?.value;
  if (value?.['v'] !== 1 || episodes === undefined) return undefined;
  switch (value['is']) {
    case 'well': {
      const untold = maybe(EPISODE)(value['untold']);
      return untold && { is: 'well', episodes, since: moment(value['since'])?.value, untold: untold.value };
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
