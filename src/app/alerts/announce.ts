import type { Severity } from '../../core/causes/causes.ts';
import { attributesOf, eventOf, orderingKeyOf, type Origin } from '../../core/alerts/event/event.ts';
import { inGroup } from '../../core/alerts/event/together.ts';
import { isGrouped, labelsOf, severityOf } from '../../core/alerts/notice.ts';
import { noticeText } from '../../core/alerts/notice-text.ts';
import { tookSeconds } from '../../core/alerts/took.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import type { SeenLabels } from './remember-labels.ts';
import type { Publisher } from '../ports/notify-ports.ts';
import type { Announcer, Clock, Log, LogSeverity } from '../ports/ports.ts';

const LOG_SEVERITY = {
  info: 'NOTICE',
  warning: 'WARNING',
  error: 'ERROR',
  critical: 'CRITICAL',
} as const satisfies Record<Severity, LogSeverity>;

/**
 * Announces by writing one log line per notice, with the whole notice in its fields and what metrics count by as
 * labels. A heartbeat is left to the run itself, which logs it with what else it knows.
 */
export function logAnnouncer(log: Log, clock: Pick<Clock, 'now'>): Announcer {
  return {
    announce(notice) {
      if (notice.type === 'fleet.heartbeat') return Promise.resolve();
      const seconds = tookSeconds(notice, clock.now());
      const took = seconds === undefined ? {} : { took: { seconds } };
      log.write(LOG_SEVERITY[severityOf(notice)], noticeText(notice), { ...labelsOf(notice), ...took, notice });
      return Promise.resolve();
    },
  };
}

export interface TopicAnnouncerPorts {
  /** To the topic of alerts. */
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** Whose secrets are. */
  readonly seen: SeenLabels;
}

/** When an event was published, and with how many others. */
interface Published {
  readonly at: Instant;
  readonly group: string | undefined;
  readonly size: number;
}

/** As long as this no event is repeated by the process that published it: about the gap to the first reminder. */
const REPEATED_AFTER_MS = 4 * 3_600_000;
const REMEMBERED_MAX = 1000;

/**
 * Announces by publishing a CloudEvent. Rejects when it was not taken, so that the caller does not record it as said. An
 * episode that cannot be recorded is announced in every run, always under one id: channels that cannot tell would show
 * it every ten minutes, so what this process is sure to have published is not published again for a while.
 */
export function topicAnnouncer(
  { publisher, clock, seen }: TopicAnnouncerPorts,
  origin: Omit<Origin, 'now'>,
): Announcer {
  const published = new Map<string, Published>();
  const isWhole = (group: string, size: number): boolean =>
    [...published.values()].filter((one) => one.group === group).length >= size;
  return {
    async announce(notice, together = []) {
      const now = clock.now();
      const { secret } = labelsOf(notice);
      const labels = { names: origin.labels, labelsOf: (name: string) => seen.labelsOf(name) };
      const among = isGrouped(notice) ? inGroup(notice, together, { now, ...labels }) : undefined;
      const event = eventOf(notice, { ...origin, now }, secret === undefined ? {} : seen.labelsOf(secret), among);
      const { group } = event.data;
      const before = published.get(event.id);
      if (before !== undefined && elapsedMs(before.at, now) < REPEATED_AFTER_MS) {
        // What speaks for a group may be the one that was not taken: then the others are told anew, with whom they are told now.
        if (before.group === undefined || before.group === group || isWhole(before.group, before.size)) return;
      }
      const data = JSON.stringify(event);
      await publisher.publish({ data, attributes: attributesOf(event), orderingKey: orderingKeyOf(event) });
      published.delete(event.id);
      published.set(event.id, { at: now, group, size: together.length });
      for (const [oldest] of [...published].slice(0, -REMEMBERED_MAX)) published.delete(oldest);
    },
  };
}

/** Announces to each in turn: the log first, so that a topic out of reach leaves a trace. Rejects at the first that does. */
export function announceToAll(announcers: readonly Announcer[]): Announcer {
  return {
    async announce(notice, together) {
      for (const announcer of announcers) await announcer.announce(notice, together);
    },
  };
}
