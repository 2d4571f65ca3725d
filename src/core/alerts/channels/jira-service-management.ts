import { clip } from '../../values/clip.ts';
import type { JsonRecord } from '../../values/json.ts';
import type { WardenEvent } from '../event/event.ts';
import { incidentSteps } from './incident.ts';
import type { Outgoing } from './outgoing.ts';
import { plainText } from './plain-text.ts';
import { wordKey } from './thread-key.ts';

/** The bounds that Jira Service Management took over from Opsgenie: characters of each field. */
const MESSAGE_MAX = 130;
const ALIAS_MAX = 512;
const DESCRIPTION_MAX = 15_000;
const ENTITY_MAX = 512;
const SOURCE_MAX = 100;
const DETAIL_MAX = 4_000;

const PRIORITY = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' } as const;

/**
 * Alerts for the integration events of Jira Service Management, by an alias: it opens no second alert under one that is open
 * (developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events). News of a change is no alert.
 */
export function jiraAlerts(event: WardenEvent): readonly Outgoing[] {
  return incidentSteps(event.data).flatMap((step): readonly Outgoing[] => {
    switch (step.act) {
      case 'change':
        return [];
      case 'trigger':
        return [outgoing('', {}, alertOf(wordKey(step.key, ALIAS_MAX), event), event)];
      case 'resolve': {
        const body = { source: clip(event.source, SOURCE_MAX), note: clip(event.data.summary, DETAIL_MAX) };
        return [outgoing(`/${wordKey(step.key, ALIAS_MAX)}/close`, { identifierType: 'alias' }, body, event)];
      }
    }
  });
}

function alertOf(alias: string, event: WardenEvent): JsonRecord {
  const { source, data } = event;
  const { headline, severity, secret, project, cause, labels = {}, thread } = data;
  const details = { ...labels, secret, project, cause, severity, thread };
  return {
    message: clip(headline, MESSAGE_MAX),
    alias,
    description: clip(plainText(event), DESCRIPTION_MAX),
    priority: PRIORITY[severity],
    entity: clip(secret ?? source, ENTITY_MAX),
    source: clip(source, SOURCE_MAX),
    tags: ['gemini-key-warden', ...(cause === undefined ? [] : [cause])],
    details: Object.fromEntries(
      Object.entries(details).flatMap(([name, text]) => (text === undefined ? [] : [[name, clip(text, DETAIL_MAX)]])),
    ),
  };
}

function outgoing(path: string, query: Outgoing['query'], body: JsonRecord, { id }: WardenEvent): Outgoing {
  return { path, query, body, id };
}
