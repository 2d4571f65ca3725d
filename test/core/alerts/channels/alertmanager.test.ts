import { describe, expect, test } from '@jest/globals';
import { alertmanagerAlerts } from '../../../../src/core/alerts/channels/alertmanager.ts';
import type { WardenEvent } from '../../../../src/core/alerts/event/event.ts';
import type { NoticeType } from '../../../../src/core/alerts/notice.ts';
import { eventFor } from '../../../support/notices.ts';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt: string;
}

function alertsOf(event: WardenEvent): readonly Alert[] {
  return alertmanagerAlerts(event).flatMap(({ body }) => body as unknown as readonly Alert[]);
}

const open = (event: WardenEvent) => alertsOf(event).filter(({ endsAt }) => endsAt > event.time);

test('trouble is open at its severity until the next reminder is long due, and at no other severity', () => {
  const event = eventFor('key.unhealthy');
  const [alert, ...more] = open(event);
  expect(more).toEqual([]);
  expect(alert).toMatchObject({
    labels: { alertname: 'GeminiKeyWarden', severity: 'critical', thread: event.data.thread, project: 'demo-project' },
    annotations: { summary: event.data.summary, next: event.data.next, runbook_url: event.data.runbook },
    startsAt: '2026-11-24T03:00:00.000Z',
    endsAt: '2026-12-02T09:30:00.000Z',
  });
  expect(alertsOf(event).map(({ labels }) => labels['severity'])).toEqual(['info', 'warning', 'error', 'critical']);
});

test('an alert of one incident has the same labels in every message about it, so that its end ends it', () => {
  const ids = (['key.unhealthy', 'key.reminder', 'key.recovered'] as const).map((type) =>
    alertsOf(eventFor(type)).map(({ labels }) => labels),
  );
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]).toEqual(ids[0]);
  expect(open(eventFor('key.recovered'))).toEqual([]);
});

test('the end of a leak ends what was reported about it, too', () => {
  const reported = open(eventFor('leak.reported')).map(({ labels }) => labels);
  expect(reported).toHaveLength(1);
  const ended = alertsOf(eventFor('leak.closed')).map(({ labels }) => labels);
  const { version } = eventFor('leak.reported').data.detail as { version: number };
  expect(ended.map(({ thread }) => thread)).toContain(
    `${eventFor('leak.closed').data.secret}/leaks/${version}/reported`,
  );
});

describe('is told', () => {
  test.each(['rotation.opened', 'rotation.promoted', 'key.aging', 'fleet.heartbeat'] as const)(
    'nothing of %s, which is no trouble',
    (type: NoticeType) => {
      expect(alertmanagerAlerts(eventFor(type))).toEqual([]);
    },
  );

  test('of a test for ten minutes, since it waits before it tells anybody', () => {
    expect(open(eventFor('alert.test'))).toMatchObject([{ endsAt: '2026-11-24T09:40:00.000Z' }]);
    expect(alertmanagerAlerts(eventFor('alert.test'))).toHaveLength(1);
  });

  test('no label or annotation without a text, and none without bounds', () => {
    const { secret: _, ...rest } = eventFor('key.unhealthy').data;
    const event = { ...eventFor('key.unhealthy'), data: { ...rest, why: 'y'.repeat(9_000) } };
    for (const { labels, annotations } of alertsOf(event)) {
      for (const text of [...Object.values(labels), ...Object.values(annotations)]) {
        expect(typeof text).toBe('string');
        expect(text.length).toBeLessThanOrEqual(4_000);
      }
      expect(labels).not.toHaveProperty('secret');
    }
  });
});
