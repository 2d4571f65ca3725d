import type { Severity } from '../core/causes.ts';
import { attributesOf, eventOf, orderingKeyOf, type Origin } from '../core/event.ts';
import { labelsOf, severityOf } from '../core/notice.ts';
import { noticeText } from '../core/notice-text.ts';
import type { Publisher } from './notify-ports.ts';
import type { Announcer, Clock, Log, LogSeverity } from './ports.ts';

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
export function logAnnouncer(log: Log): Announcer {
  return {
    announce(notice) {
      if (notice.type !== 'fleet.heartbeat')
        log.write(LOG_SEVERITY[severityOf(notice)], noticeText(notice), { ...labelsOf(notice), notice });
      return Promise.resolve();
    },
  };
}

export interface TopicAnnouncerPorts {
  /** To the topic of alerts. */
  readonly publisher: Publisher;
  readonly clock: Clock;
}

/** Announces by publishing a CloudEvent. Rejects when it was not taken, so that the caller does not record it as said. */
export function topicAnnouncer({ publisher, clock }: TopicAnnouncerPorts, origin: Omit<Origin, 'now'>): Announcer {
  return {
    announce(notice) {
      const event = eventOf(notice, { ...origin, now: clock.now() });
      return publisher.publish({
        data: JSON.stringify(event),
        attributes: attributesOf(event),
        orderingKey: orderingKeyOf(event),
      });
    },
  };
}

/** Announces to each in turn: the log first, so that a topic out of reach leaves a trace. Rejects at the first that does. */
export function announceToAll(announcers: readonly Announcer[]): Announcer {
  return {
    async announce(notice) {
      for (const announcer of announcers) await announcer.announce(notice);
    },
  };
}
