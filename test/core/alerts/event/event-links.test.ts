import { describe, expect, test } from '@jest/globals';
import { linksOf, pagesOf } from '../../../../src/core/alerts/event/event-links.ts';
import { eventOf } from '../../../../src/core/alerts/event/event.ts';
import { readEvent } from '../../../../src/core/alerts/event/read-event.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { eventFor, NOTICES, ORIGIN, SECRET } from '../../../support/notices.ts';

const { dashboard: _dashboard, ...plain } = ORIGIN;
const aging = NOTICES['key.aging'];
const urlsOf = (secret: string, origin: typeof plain = plain) =>
  (eventOf({ ...aging, secret }, origin).data.links ?? []).map(({ url }) => new URL(url));

describe('links of an event', () => {
  test('lead to the versions of the secret, to what the worker logged of it since then, and to the dashboard', () => {
    const pages = pagesOf(eventFor('key.unhealthy').data);
    expect(pages.map(({ name }) => name)).toEqual(['Runbook', 'Versions', 'Logs', 'Dashboard']);
    const [, versions, logs] = pages.map(({ url }) => decodeURIComponent(url));
    expect(versions).toBe(
      'https://console.cloud.google.com/security/secret-manager/secret/app-key/versions?project=demo-project',
    );
    expect(logs).toBe(
      `https://console.cloud.google.com/logs/query;query=labels.secret="${SECRET}"\ntimestamp>="2026-11-24T03:00:00.000Z"?project=ops-prod`,
    );
  });

  test('of a regional secret lead to the list, because its own page has no address that is documented', () => {
    expect(urlsOf('projects/1/locations/europe-west1/secrets/app-key')[0]?.href).toBe(
      'https://console.cloud.google.com/security/secret-manager?project=demo-project',
    );
  });

  test('do without a beginning, and with the project that stands in the secret’s name', () => {
    const [versions, logs] = linksOf({ secret: SECRET }, plain).map(({ url }) => decodeURIComponent(url));
    expect(versions).toMatch(/project=123456789012$/);
    expect(logs).toContain(`query=labels.secret="${SECRET}"?project`);
  });

  test('are none where nothing is known to lead to', () => {
    expect(urlsOf('strange')).toEqual([]);
    expect(urlsOf(SECRET, { ...plain, source: 'elsewhere' }).map(({ pathname }) => pathname)).toEqual([
      '/security/secret-manager/secret/app-key/versions',
    ]);
    expect(eventOf(NOTICES['fleet.heartbeat'], plain).data).not.toHaveProperty('links');
    expect(pagesOf({ ...eventFor('fleet.heartbeat').data, runbook: 'docs/runbook.md#x' })).toEqual([
      { name: 'Dashboard', url: ORIGIN.dashboard },
    ]);
  });

  test.each(['http://x.example', 'javascript:alert(1)', 'https://x|y', 'https://x y', 'https://x>', 7])(
    'in a message that somebody else published are https and nothing more: %s is none',
    (url) => {
      const event = eventFor('key.unhealthy');
      const links = [{ name: 'Logs', url }];
      expect(readEvent(JSON.stringify({ ...event, data: { ...event.data, links } }))).toMatchObject({ is: 'foreign' });
    },
  );
});

test('an event that would be said again, and that a silence holds back, says the command for that', () => {
  const command = `key-warden silence --secret ${SECRET} --until 4h --reason acknowledged`;
  const quiet = NOTICE_TYPES.filter((type) => eventFor(type).data.quiet !== undefined);
  expect(quiet).toEqual(['key.unhealthy', 'key.unclear', 'key.reminder', 'leak.open']);
  for (const type of quiet) expect(eventFor(type).data.quiet).toBe(command);
});
