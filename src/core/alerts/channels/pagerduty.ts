import type { JsonRecord } from '../../values/json.ts';
import { clip } from '../../values/clip.ts';
import type { WardenEvent } from '../event/event.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import { factsOf } from './facts.ts';
import { incidentSteps } from './incident.ts';
import type { Outgoing } from './outgoing.ts';
import { boundedKey } from './thread-key.ts';

/** PagerDuty's bounds of `summary` and `dedup_key`. */
const SUMMARY_MAX = 1024;
const DEDUP_KEY_MAX = 255;

/** Events API v2 requests, to be sent in order; the routing key is put in when they are. Change events page nobody. */
export function pagerDutyEvents(event: WardenEvent): readonly Outgoing[] {
  return incidentSteps(event.data).map((step) => {
    switch (step.act) {
      case 'change':
        return changeOf(event);
      case 'trigger':
        return triggerOf(step.key, event);
      case 'resolve':
        return resolveOf(step.key, event);
    }
  });
}

function changeOf(event: WardenEvent): Outgoing {
  const { id, source, time, data } = event;
  const payload = { summary: clip(data.summary, SUMMARY_MAX), source: data.secret ?? source, timestamp: time };
  const body = { payload: { ...payload, custom_details: data.detail }, ...linksOf(event) };
  return outgoing('/v2/change/enqueue', body, id);
}

function resolveOf(key: string, { id }: WardenEvent): Outgoing {
  return outgoing('/v2/enqueue', { event_action: 'resolve', dedup_key: boundedKey(key, DEDUP_KEY_MAX) }, id);
}

function triggerOf(key: string, event: WardenEvent): Outgoing {
  const { id, source, time, data } = event;
  const { summary, severity, secret, cause, labels, group } = data;
  const payload = {
    summary: clip(summary, SUMMARY_MAX),
    source: secret ?? source,
    severity,
    timestamp: time,
    class: cause,
    group,
    custom_details: { ...detailsOf(event), ...(labels === undefined ? {} : { labels }) },
  };
  const incident = { event_action: 'trigger', dedup_key: boundedKey(key, DEDUP_KEY_MAX) };
  return outgoing('/v2/enqueue', { ...incident, payload, client: 'gemini-key-warden', ...linksOf(event) }, id);
}

/** For people, under names that they can read: PagerDuty shows each with its text. Rules may go by `labels`, by `class` and by `severity`. */
function detailsOf(event: WardenEvent): JsonRecord {
  const { who, step, next, quiet, runbook } = event.data;
  const first = [step, next].filter((text) => text !== undefined);
  return {
    Who: who,
    ...Object.fromEntries(factsOf(event)),
    ...(first.length === 0 ? {} : { Next: first.join('\n') }),
    ...(quiet === undefined ? {} : { 'Seen it? Quiet for 4 h': quiet }),
    ...(isAddress(runbook) ? {} : { Runbook: runbook }),
  };
}

function linksOf({ data }: WardenEvent) {
  const pages = pagesOf(data).map(({ name, url }) => ({ href: url, text: name }));
  return pages.length === 0 ? {} : { links: pages };
}

function outgoing(path: string, body: Outgoing['body'], id: string): Outgoing {
  return { path, query: {}, body, id };
}
