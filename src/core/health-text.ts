import { isCause, type Severity } from './causes.ts';
import { UNSEEN, type Episode, type Health } from './health.ts';
import { isRecord, parseRecord, type JsonRecord } from './json.ts';
import { isoOf, parseInstant } from './time.ts';

/** Annotation that remembers a secret's health between runs; absent while nothing was ever wrong. */
export const HEALTH_ANNOTATION = 'key-warden.health';

/** Health as written to the annotation: one line of versioned JSON, readable with `gcloud secrets describe`. */
export function writeHealth(health: Health): string {
  return JSON.stringify({
    v: 1,
    ...health,
    ...('since' in health && health.since !== undefined ? { since: isoOf(health.since) } : {}),
    ...('episode' in health ? { episode: episodeJson(health.episode) } : {}),
  });
}

/**
 * Health as read from the annotation. `undefined` for anything this release does not understand: the caller leaves
 * such an annotation alone and says so, because a newer release or a person may have written it.
 */
export function readHealth(annotation: string | undefined): Health | undefined {
  if (annotation === undefined) return UNSEEN;
  const value = parseRecord(annotation);
  if (value === undefined || value['v'] !== 1 || !isCount(value['episodes'])) return undefined;
  const episodes = value['episodes'];
  const since = instantIn(value['since']);
  switch (value['is']) {
    case 'well':
      return { is: 'well', episodes, since };
    case 'suspect': {
      const { cause, runs } = value;
      return since !== undefined && isCause(cause) && isCount(runs)
        ? { is: 'suspect', episodes, since, cause, runs }
        : undefined;
    }
    case 'sick': {
      const episode = episodeIn(value['episode']);
      return episode && { is: 'sick', episodes, episode };
    }
    case 'mending': {
      const episode = episodeIn(value['episode']);
      const { goodRuns } = value;
      return episode && isCount(goodRuns) ? { is: 'mending', episodes, episode, goodRuns } : undefined;
    }
    default:
      return undefined;
  }
}

function episodeJson(episode: Episode): JsonRecord {
  return { ...episode, openedAt: isoOf(episode.openedAt), announcedAt: isoOf(episode.announcedAt) };
}

function episodeIn(value: unknown): Episode | undefined {
  if (!isRecord(value)) return undefined;
  const { id, cause, severity, reminders } = value;
  const openedAt = instantIn(value['openedAt']);
  const announcedAt = instantIn(value['announcedAt']);
  const whole = typeof id === 'string' && isCause(cause) && isSeverity(severity) && isCount(reminders);
  return whole && openedAt !== undefined && announcedAt !== undefined
    ? { id, openedAt, cause, severity, announcedAt, reminders }
    : undefined;
}

function instantIn(value: unknown) {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isSeverity(value: unknown): value is Severity {
  return value === 'info' || value === 'warning' || value === 'error' || value === 'critical';
}
