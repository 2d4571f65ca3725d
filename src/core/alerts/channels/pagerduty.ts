import { clip } from '../../values/clip.ts';
import type { WardenEvent } from '../event/event.ts';
import type { NoticeType } from '../notice.ts';
import type { Outgoing } from './outgoing.ts';
import { boundedKey } from './thread-key.ts';

/** PagerDuty's bounds of `summary` and `dedup_key`. */
const SUMMARY_MAX = 1024;
const DEDUP_KEY_MAX = 255;

type Action = 'trigger' | 'resolve' | 'change';

/** What PagerDuty is told. Change events page nobody; an end resolves first, because resolving twice is harmless. */
const ACTIONS = {
  'key.unhealthy': ['trigger'],
  'key.unclear': ['trigger'],
  'key.reminder': ['trigger'],
  'key.recovered': ['resolve'],
  'key.unwatched': ['resolve'],
  'key.aging': ['change'],
  'secret.warning': ['change'],
  'version.changed': ['change'],
  'name.unproven': ['trigger'],
  'silence.set': ['change'],
  'silence.ended': ['change'],
  'rotation.opened': ['change'],
  'rotation.promoted': ['change'],
  'rotation.completed': ['resolve', 'change'],
  'rotation.abandoned': ['resolve', 'change'],
  'rotation.held': ['trigger'],
  'leak.open': ['trigger'],
  'leak.closed': ['resolve'],
  'fleet.outage': ['trigger'],
  'fleet.recovered': ['resolve'],
  'fleet.heartbeat': [],
  'alert.test': ['trigger', 'resolve'],
} as const satisfies Record<NoticeType, readonly Action[]>;

/** Events API v2 requests, to be sent in order; the routing key is put in when they are. */
export function pagerDutyEvents(event: WardenEvent): readonly Outgoing[] {
  return ACTIONS[event.data.notice].map((action) => requestOf(action, event));
}

function requestOf(action: Action, { id, source, time, data }: WardenEvent): Outgoing {
  const {
    summary,
    severity,
    headline,
    who,
    why,
    meaning,
    since,
    lastGood,
    secret,
    cause,
    step,
    next,
    runbook,
    thread,
  } = data;
  const links = runbook.startsWith('https://') ? { links: [{ href: runbook, text: 'Runbook' }] } : {};
  if (action === 'change') {
    const payload = { summary: clip(summary, SUMMARY_MAX), source: secret ?? source, timestamp: time };
    return outgoing('/v2/change/enqueue', { payload: { ...payload, custom_details: data.detail }, ...links }, id);
  }
  const incident = { event_action: action, dedup_key: boundedKey(thread, DEDUP_KEY_MAX) };
  if (action === 'resolve') return outgoing('/v2/enqueue', incident, id);
  const payload = {
    summary: clip(summary, SUMMARY_MAX),
    source: secret ?? source,
    severity,
    timestamp: time,
    class: cause,
    custom_details: { headline, who, why, meaning, since, lastGood, step, next, runbook },
  };
  return outgoing('/v2/enqueue', { ...incident, payload, client: 'gemini-key-warden', ...links }, id);
}

function outgoing(path: string, body: Outgoing['body'], id: string): Outgoing {
  return { path, query: {}, body, id };
}
