import { CAUSES, remedyOf, type Cause } from '../../causes/causes.ts';
import { ON_CALL } from '../../causes/on-call.ts';
import type { About } from './event-shape.ts';
import { said } from './event-text.ts';
import { valuesFor } from '../../health/finding.ts';
import type { Episode } from '../../record/health-state.ts';
import { nextStepOf } from '../../causes/next-step.ts';
import type { KeyNotice } from '../notices/key-notices.ts';
import type { RotationProposed } from '../notices/rotation-notices.ts';
import { stepText } from '../../causes/step.ts';
import { toldLint } from '../../key/lint-finding.ts';
import { isoOf } from '../../values/time.ts';

/** Most entries of a list in `detail`. */
const LIST_MAX = 10;

/** What an event says of one key: the episode's cause and its remedy, and what the last run found. */
export function aboutKey({ type, episode, finding, again }: KeyNotice, runbook: string): About {
  const { cause } = episode;
  const { secret, project, version, readAs, keyKind, depth, answers, diagnosis, lint, notes } = finding;
  const { verdict, reason, message } = diagnosis;
  const { title, meaning, newKeyHelps } = CAUSES[cause];
  const { usersFeel, cureTakes, wake, provedWhen } = ON_CALL[cause];
  const values = valuesFor(finding);
  const remedy = type === 'key.recovered' ? [] : remedyOf(cause, values).map(stepText);
  const since = isoOf(episode.openedAt);
  const { lastGoodAt } = episode;
  return {
    secret,
    project,
    cause,
    again,
    ...(type === 'key.recovered' ? {} : { meaning, usersFeel }),
    since,
    lastGood: lastGoodAt === undefined || type === 'key.recovered' ? undefined : isoOf(lastGoodAt),
    ...(type === 'key.recovered' ? {} : nextStepOf(CAUSES[cause].remedy, values)),
    runbook: runbookAbout(runbook, cause),
    thread: threadOf(secret, episode),
    detail: {
      readAs,
      version,
      keyKind,
      depth,
      answers,
      verdict,
      reason,
      message: said(message),
      title,
      newKeyHelps,
      cureTakes,
      wake,
      provedWhen,
      remedy,
      lint: lint
        .slice(0, LIST_MAX)
        .map((found) => toldLint(found, values))
        .map(({ kind, says, cure }) => ({ kind, says: said(says), cure })),
      notes: notes.slice(0, LIST_MAX).map(said),
      episode: episodeDetail({ ...episode, id: threadOf(secret, episode) }),
    },
  };
}

/**
 * What is said of an incident belongs to the secret that it is said of: an annotation or an event that calls an episode by
 * another secret's id changes nothing about that one's incident.
 */
export function threadOf(secret: string, { id }: Episode): string {
  return id.startsWith(`${secret}#`) ? id : `${secret}#of-unknown-origin`;
}

/** The conversation about one plan that waits for approval. */
export function threadOfPlan({ secret, plan }: Pick<RotationProposed, 'secret' | 'plan'>): string {
  return `${secret}/approval/${plan}`;
}

/** What is told of a key before its rotation is one conversation. */
export function threadAhead(secret: string): string {
  return `${secret}/aging`;
}

/** An episode, as `detail` has it. */
export function episodeDetail({ id, openedAt, reminders }: Episode) {
  return { id, openedAt: isoOf(openedAt), reminders };
}

/** The runbook's section about a cause. */
export function runbookAbout(runbook: string, cause: Cause): string {
  return runbookAt(runbook, CAUSES[cause].runbook);
}

/** A section of the runbook that is about no cause. */
export function runbookAt(runbook: string, section = 'where-to-start'): string {
  return `${runbook}#${section}`;
}
