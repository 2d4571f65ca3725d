import { EVENT_DETAIL_SCHEMAS, objectSchema, TEXT, type JsonSchema } from './event-schema-detail.ts';
import { EVENT_VERSION } from '../../src/core/alerts/event/event.ts';
import { SEVERITIES } from '../../src/core/causes/causes.ts';
import type { NoticeType } from '../../src/core/alerts/notice.ts';

const SEVERITY: JsonSchema = { enum: SEVERITIES };
const MOMENT: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const SECRET: JsonSchema = { type: 'string', pattern: '^projects/[^/]+(/locations/[^/]+)?/secrets/[^/]+$' };
/** What is told together is about single keys, as `key.unhealthy` is. */
const ONE_OF_MANY: JsonSchema = objectSchema(
  {
    notice: TEXT,
    severity: SEVERITY,
    gravity: SEVERITY,
    headline: TEXT,
    secret: SECRET,
    project: TEXT,
    cause: TEXT,
    since: MOMENT,
    labels: { type: 'object', additionalProperties: TEXT },
  },
  ['notice', 'severity', 'gravity', 'headline'],
);

const TOLD_TOGETHER: readonly NoticeType[] = ['key.unhealthy', 'key.unclear', 'key.reminder', 'key.recovered'];
const TOGETHER = {
  group: TEXT,
  together: objectSchema(
    { at: MOMENT, mine: { type: 'integer', minimum: 0 }, of: { type: 'array', items: ONE_OF_MANY } },
    ['at', 'mine', 'of'],
  ),
};

/**
 * JSON Schema (2020-12) of one type of event, for those who read the topic. Fields that are not named are allowed: a
 * reader must not break on what a later release adds. Printed to `schemas/`; a test keeps the files equal.
 */
export function eventSchema(notice: NoticeType): JsonSchema {
  const required = [
    'notice',
    'severity',
    'gravity',
    'headline',
    'summary',
    'who',
    'why',
    'runbook',
    'thread',
    'detail',
  ];
  const data = objectSchema(
    {
      notice: { const: notice },
      severity: SEVERITY,
      gravity: SEVERITY,
      headline: TEXT,
      summary: TEXT,
      who: TEXT,
      why: TEXT,
      meaning: TEXT,
      usersFeel: TEXT,
      since: MOMENT,
      lastGood: MOMENT,
      secret: SECRET,
      project: TEXT,
      cause: TEXT,
      labels: { type: 'object', additionalProperties: TEXT },
      links: {
        type: 'array',
        items: objectSchema({ name: TEXT, url: { type: 'string', pattern: '^https://' } }, ['name', 'url']),
      },
      quiet: TEXT,
      ...(TOLD_TOGETHER.includes(notice) ? TOGETHER : {}),
      again: { const: true },
      step: TEXT,
      next: TEXT,
      runbook: TEXT,
      thread: TEXT,
      detail: EVENT_DETAIL_SCHEMAS[notice],
    },
    isAboutASecret(notice) ? [...required, 'secret', 'project', 'since'] : required,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `key-warden.${notice}.${EVENT_VERSION}`,
    ...objectSchema(
      {
        specversion: { const: '1.0' },
        id: TEXT,
        source: TEXT,
        type: { const: `key-warden.${notice}.${EVENT_VERSION}` },
        time: MOMENT,
        subject: TEXT,
        datacontenttype: { const: 'application/json' },
        data,
      },
      ['specversion', 'id', 'source', 'type', 'time', 'subject', 'datacontenttype', 'data'],
    ),
  };
}

/** A reported leak and unusual use are mostly about one, and need not be. */
function isAboutASecret(notice: NoticeType): boolean {
  return !SELDOM_WITHOUT.includes(notice) && /^(key|version|rotation|leak|name|silence)\./.test(notice);
}

const SELDOM_WITHOUT: readonly NoticeType[] = ['leak.reported', 'key.unusual'];
