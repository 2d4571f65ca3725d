import { clip } from '../../values/clip.ts';
import type { WardenEvent } from '../event/event.ts';
import { pagesOf } from '../event/event-links.ts';
import { INCIDENT_ACTS, type IncidentAct } from './incident.ts';
import type { Outgoing } from './outgoing.ts';
import { boundedKey } from './thread-key.ts';

/** PagerDuty's bounds of `summary` and `dedup_key`. */
const SUMMARY_MAX = 1024;
const DEDUP_KEY_MAX = 255;

/** Events API v2 requests, to be sent in order; the routing key is put in when they are. Change events page nobody. */
export function pagerDutyEvents(event: WardenEvent): readonly Outgoing[] {
  return INCIDENT_ACTS[event.data.notice].map((action) => requestOf(action, event));
}

function requestOf(action: IncidentAct, { id, source, time, data }: WardenEvent): Outgoing {
  const {
    summary,
    severity,
    headline,
    who,
    why,
    meaning,
    since,
    lastGood,
    labels,
    secret,
    cause,
    step,
    next,
    quiet,
    runbook,
    thread,
  } = data;
  const pages = pagesOf(data).map(({ name, url }) => ({ href: url, text: name }));
  const links = pages.length === 0 ? {} : { links: pages };
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
    custom_details: { headline, who, why, meaning, since, lastGood, labels, step, next, quiet, runbook },
  };
  return outgoing('/v2/enqueue', { ...incident, payload, client: 'gemini-key-warden', ...links }, id);
}

function outgoing(path: string, body: Outgoing['body'], id: string): Outgoing {
  return { path, query: {}, body, id };
}
