import { CAUSES } from './causes.ts';
import { namesOf } from './finding.ts';
import type { KeyNotice, Notice } from './notice.ts';
import { isoOf } from './time.ts';
import { plural } from './words.ts';

/** A notice as one sentence that can be pasted into a chat: what, which key, why, since when. */
export function noticeText(notice: Notice): string {
  if (notice.type === 'fleet.outage') {
    const { failing, seen, cause, message } = notice;
    return `${failing} of ${plural(seen, 'secret')} failed alike (${CAUSES[cause].title}), so no key is blamed: ${message}`;
  }
  return `${OPENING[notice.type]} ${nameOf(notice)}: ${because(notice)}`;
}

const OPENING = {
  'key.unhealthy': 'Gemini key refused:',
  'key.unclear': 'Gemini key cannot be judged:',
  'key.reminder': 'Gemini key still failing:',
  'key.recovered': 'Gemini key works again:',
} as const satisfies Record<KeyNotice['type'], string>;

function nameOf({ finding }: KeyNotice): string {
  const { secret, project, version } = namesOf(finding);
  return `${secret} in ${project} (${version === undefined ? finding.readAs : `${finding.readAs}, version ${version}`})`;
}

function because({ type, episode, finding }: KeyNotice): string {
  const since = isoOf(episode.openedAt);
  if (type === 'key.recovered') return `the trouble (${CAUSES[episode.cause].title}) began ${since} and is over`;
  return `${CAUSES[episode.cause].title}, since ${since}. ${finding.diagnosis.message}`;
}
