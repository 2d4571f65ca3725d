import { describe, expect, test } from '@jest/globals';
import { AdaptiveCard, SerializationContext } from 'adaptivecards';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { teamsMessages } from '../../../../src/core/alerts/channels/teams.ts';
import type { WardenEvent } from '../../../../src/core/alerts/event/event.ts';
import { isRecord } from '../../../../src/core/values/json.ts';
import { eventFor } from '../../../support/notices.ts';

/** The card of a message, as its vendor's own library reads it, with everything that the library says of it. */
function cardOf(event: WardenEvent) {
  const body = JSON.parse(JSON.stringify(teamsMessages(event)[0]?.body)) as {
    readonly attachments: readonly [{ readonly content: unknown }];
  };
  return body.attachments[0].content;
}

function complaintsOf(card: unknown): readonly string[] {
  const parsed = new AdaptiveCard();
  const context = new SerializationContext();
  parsed.parse(card, context);
  const read = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return [...read, ...parsed.validateProperties().validationEvents.map(({ message }) => message)];
}

/** Every text with the type of the element that shows it. */
function textsIn(element: unknown): readonly { readonly type: unknown; readonly text: string }[] {
  if (Array.isArray(element)) return element.flatMap(textsIn);
  if (!isRecord(element)) return [];
  const { type, text } = element;
  const inside = Object.values(element).flatMap(textsIn);
  return typeof text === 'string' ? [{ type, text }, ...inside] : inside;
}

test.each(NOTICE_TYPES)('of %s is a card that Adaptive Cards takes', (type) => {
  expect(complaintsOf(cardOf(eventFor(type)))).toEqual([]);
});

test('and the library sees what is wrong with one', () => {
  expect(complaintsOf({ type: 'AdaptiveCard', version: '1.4', body: [{ type: 'Nothing' }] })).not.toEqual([]);
});

describe('nobody’s text', () => {
  const event = eventFor('key.unhealthy');
  const spoil = '[here](https://evil.example) <at>everyone</at> **x**';
  const spoiled = {
    ...event,
    data: { ...event.data, headline: spoil, who: spoil, why: spoil, step: spoil, next: spoil },
  };

  test('becomes a link or calls anybody: it is shown in runs, in which Teams reads no Markdown', () => {
    const shown = textsIn(cardOf(spoiled)).filter(({ text }) => text.includes('evil.example'));
    expect(shown.length).toBeGreaterThanOrEqual(5);
    expect(new Set(shown.map(({ type }) => type))).toEqual(new Set(['TextRun']));
    expect(JSON.stringify(cardOf(spoiled))).not.toContain('"entities"');
  });

  test('makes a message larger than the 28 KB that Teams takes', () => {
    const long = '€"'.repeat(9_000);
    const data = {
      ...event.data,
      headline: long,
      summary: long,
      who: long,
      why: long,
      meaning: long,
      step: long,
      next: long,
    };
    const [message] = teamsMessages({ ...event, data: { ...data, lastGood: long, since: long, thread: long } });
    expect(Buffer.byteLength(JSON.stringify(message?.body))).toBeLessThan(28 * 1024);
  });
});

test('pages are buttons, the runbook first where it is an address', () => {
  const event = eventFor('key.unhealthy');
  const at = (runbook: string) => cardOf({ ...event, data: { ...event.data, runbook } });
  expect(at('https://wiki.example/r#ok')).toMatchObject({
    actions: [
      { type: 'Action.OpenUrl', title: 'Runbook', url: 'https://wiki.example/r#ok' },
      { title: 'Versions' },
      { title: 'Logs' },
      { title: 'Dashboard' },
    ],
  });
  expect(at('docs/runbook.md#ok')).toMatchObject({
    actions: [{ title: 'Versions' }, { title: 'Logs' }, { title: 'Dashboard' }],
  });
});
