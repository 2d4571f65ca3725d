import { describe, expect, test } from '@jest/globals';
import { allowedLabels, spokenLabels } from '../../../../src/core/alerts/event/event-labels.ts';
import { attributesOf, eventOf } from '../../../../src/core/alerts/event/event.ts';
import { readEvent } from '../../../../src/core/alerts/event/read-event.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { eventFor, LABELS, NOTICES, ORIGIN } from '../../../support/notices.ts';

describe('labels in an event', () => {
  test('are those that the settings allow, in that order, and no other', () => {
    expect(allowedLabels(LABELS, ['service', 'owner', 'team'])).toEqual({ service: 'api', team: 'search' });
    expect(allowedLabels(LABELS, ['owner', 'constructor'])).toBeUndefined();
    expect(allowedLabels({ team: '' }, ['team'])).toBeUndefined();
    expect(allowedLabels(LABELS, [])).toBeUndefined();
  });

  test('are in every kind of event that is about a secret, and what reads it gets them back', () => {
    for (const type of NOTICE_TYPES) {
      const event = eventFor(type);
      if (event.data.secret !== undefined) expect(event.data.labels).toEqual({ team: 'search', service: 'api' });
      expect(readEvent(JSON.stringify(event))).toEqual({ is: 'event', event: JSON.parse(JSON.stringify(event)) });
    }
  });

  test('that are no texts make it no event of ours', () => {
    const event = eventFor('key.unhealthy');
    for (const labels of [{ team: 1 }, ['search'], 'search'])
      expect(readEvent(JSON.stringify({ ...event, data: { ...event.data, labels } }))).toMatchObject({ is: 'foreign' });
  });

  test('are what subscriptions filter on, and change no attribute of ours', () => {
    expect(attributesOf(eventFor('key.unhealthy'))).toMatchObject({
      'label-team': 'search',
      'label-service': 'api',
      type: 'key.unhealthy',
    });
  });

  test('hold no key, whoever wrote them (I9)', () => {
    const key = 'AIza' + 'x'.repeat(35);
    const event = eventOf(NOTICES['key.unhealthy'], ORIGIN, { team: key });
    expect(JSON.stringify(event)).not.toContain(key);
    expect(event.data.labels).toEqual({ team: '[redacted key]' });
  });

  test('are a line of a message', () => {
    expect(spokenLabels({ team: 'search', service: 'api' })).toBe('team search · service api');
  });
});
