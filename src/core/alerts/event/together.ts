import type { EventData } from './event-shape.ts';
import { threadAhead, threadOf, threadOfPlan } from './event-about-key.ts';
import { allowedLabels, type EventLabels } from './event-labels.ts';
import { said } from './event-text.ts';
import { eventIdOf } from './event.ts';
import { headlineOf } from '../headline.ts';
import { gravityOf, severityOf, type GroupedNotice } from '../notice.ts';
import { stableHash } from '../../values/stable-shuffle.ts';
import { isoOf, type Instant } from '../../values/time.ts';

/** One of several troubles that a run tells together: what a route goes by, and the line that a digest has of it. */
export type OneOfMany = Pick<
  EventData,
  'notice' | 'severity' | 'gravity' | 'headline' | 'secret' | 'project' | 'cause' | 'since' | 'labels'
>;

/** All that a run tells together with an event, so that a channel for people can say it in one message. */
export interface Together {
  /** RFC 3339: the moment by which all of them are routed. */
  readonly at: string;
  /** Which of them the event is. */
  readonly mine: number;
  /** The worst first; each has an event of its own. */
  readonly of: readonly OneOfMany[];
}

/** What the events of a group have in common: the same word in each of them, and who else is in it. */
export interface InGroup {
  readonly group: string;
  readonly together: Together;
}

/** What an event says of the notices that are told with it. The word is the same for the same ones, whenever they are told. */
export function inGroup(
  notice: GroupedNotice,
  others: readonly GroupedNotice[],
  {
    now,
    names,
    labelsOf,
  }: { readonly now: Instant; readonly names: readonly string[]; labelsOf(secret: string): EventLabels },
): InGroup | undefined {
  const mine = others.indexOf(notice);
  if (mine < 0 || others.length < 2) return undefined;
  const ids = others.map((one) => eventIdOf(one, groupedThread(one), now));
  return {
    group: stableHash(ids.toSorted().join(' ')).toString(36),
    together: { at: isoOf(now), mine, of: others.map((one) => oneOf(one, labelsOf(placeOf(one).secret), names)) },
  };
}

function placeOf(notice: GroupedNotice): { readonly secret: string; readonly project: string } {
  return 'finding' in notice ? notice.finding : notice;
}

function groupedThread(notice: GroupedNotice): string {
  if ('finding' in notice) return threadOf(notice.finding.secret, notice.episode);
  return notice.type === 'rotation.proposed' ? threadOfPlan(notice) : threadAhead(notice.secret);
}

function oneOf(notice: GroupedNotice, labels: EventLabels, names: readonly string[]): OneOfMany {
  const { secret, project } = placeOf(notice);
  const allowed = allowedLabels(labels, names);
  return {
    notice: notice.type,
    severity: severityOf(notice),
    gravity: gravityOf(notice),
    headline: said(headlineOf(notice)),
    secret,
    project,
    ...('episode' in notice ? { cause: notice.episode.cause, since: isoOf(notice.episode.openedAt) } : {}),
    ...(allowed === undefined ? {} : { labels: allowed }),
  };
}
