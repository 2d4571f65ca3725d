import { expect, test } from '@jest/globals';
import { jiraAlerts } from '../../../../src/core/alerts/channels/jira-service-management.ts';
import { wordKey } from '../../../../src/core/alerts/channels/thread-key.ts';
import type { WardenEvent } from '../../../../src/core/alerts/event/event.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { isRecord } from '../../../../src/core/values/json.ts';
import { eventFor } from '../../../support/notices.ts';

const told = (event: WardenEvent) => jiraAlerts(event).map(({ path, query, body }) => ({ path, query, body }));
const aliasOf = (event: WardenEvent) => {
  const body = jiraAlerts(event)[0]?.body;
  return isRecord(body) ? String(body['alias']) : '';
};

test('trouble opens an alert that its end closes, also as the critical one that it may have become', () => {
  const [alert, ...more] = told(eventFor('key.unclear'));
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ path: '', body: { priority: 'P3', tags: ['gemini-key-warden', 'timeout'] } });
  const closes = told(eventFor('key.recovered'));
  expect(closes.map(({ path }) => path)).toEqual([
    `/${aliasOf(eventFor('key.unclear'))}/close`,
    `/${aliasOf(eventFor('key.unhealthy'))}/close`,
  ]);
  for (const { query } of closes) expect(query).toEqual({ identifierType: 'alias' });
});

test('what becomes critical is an alert of its own, with the highest priority, and the first one ends', () => {
  const [alert, close] = told(eventFor('key.reminder'));
  expect(alert).toMatchObject({ body: { priority: 'P1' } });
  expect(close?.path).toBe(`/${aliasOf(eventFor('key.unclear'))}/close`);
});

test('news is none of its business', () => {
  const silent = NOTICE_TYPES.filter((type) => jiraAlerts(eventFor(type)).length === 0);
  expect(silent).toEqual([
    'key.unusual',
    'key.aging',
    'rotation.planned',
    'rotation.proposed',
    'secret.warning',
    'version.changed',
    'silence.set',
    'silence.ended',
    'freeze.set',
    'freeze.ended',
    'rotation.due',
    'rotation.opened',
    'rotation.promoted',
    'inventory.news',
    'fleet.heartbeat',
  ]);
});

test('stays within the bounds of each field, and does without what an event lacks', () => {
  const event = eventFor('key.unhealthy');
  const long = 'x'.repeat(20_000);
  const spoiled = {
    ...event,
    data: { ...event.data, headline: long, who: long, why: long, secret: long, thread: long },
  };
  const [alert] = jiraAlerts(spoiled);
  const { message, alias, description, entity } = (alert?.body ?? {}) as unknown as Readonly<Record<string, string>>;
  expect([message, alias, description, entity].map((text) => text?.length)).toEqual([130, 512, 15_000, 512]);
  const {
    step: _step,
    next: _next,
    quiet: _quiet,
    cause: _cause,
    secret: _secret,
    labels: _labels,
    ...bare
  } = event.data;
  const [wordless] = told({ ...event, data: { ...event.data, step: undefined } });
  expect(JSON.stringify(wordless)).toContain('Next:\\n\\nkey-warden rotate');
  const [little] = told({ ...event, data: bare });
  expect(little?.body).toMatchObject({ entity: event.source, tags: ['gemini-key-warden'] });
  expect(JSON.stringify(little)).not.toMatch(/undefined|Next:|Quiet/);
});

test('an alias is one segment of a path, and another one for another name', () => {
  const names = ['projects/1/secrets/a#1', 'projects/1/secrets/a_1', 'projects_1_secrets_a#1', 'x'.repeat(600)];
  const keys = names.map((name) => wordKey(name, 512));
  expect(new Set(keys).size).toBe(names.length);
  for (const key of keys) expect(key).toMatch(/^[\w.-]{1,512}$/);
});
