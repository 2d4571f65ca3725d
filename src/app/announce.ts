import { CAUSES, type Severity } from '../core/causes.ts';
import type { Notice } from '../core/notice.ts';
import { noticeText } from '../core/notice-text.ts';
import type { Announcer, Log, LogSeverity } from './ports.ts';

const LOG_SEVERITY = {
  info: 'NOTICE',
  warning: 'WARNING',
  error: 'ERROR',
  critical: 'CRITICAL',
} as const satisfies Record<Severity, LogSeverity>;

/** Announces by writing one log line per notice, with the whole notice in its fields for log-based metrics. */
export function logAnnouncer(log: Log): Announcer {
  return {
    announce(notice) {
      log.write(LOG_SEVERITY[severityOf(notice)], noticeText(notice), { notice });
      return Promise.resolve();
    },
  };
}

function severityOf(notice: Notice): Severity {
  if (notice.type === 'fleet.outage') return CAUSES[notice.cause].severity;
  return notice.type === 'key.recovered' ? 'info' : notice.episode.severity;
}
