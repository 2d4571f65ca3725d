import { describe, expect, test } from '@jest/globals';
import { factsOf } from '../../../../src/core/alerts/channels/facts.ts';
import { RENDER } from '../../../../src/core/alerts/channels/render.ts';
import { eventFor } from '../../../support/notices.ts';

const NOW = '2026-11-24T09:30:00.000Z';

function since(moment: string, type: 'key.unhealthy' | 'key.recovered' = 'key.unhealthy') {
  const event = eventFor(type);
  return factsOf({ ...event, time: NOW, data: { ...event.data, since: moment } }).find(
    ([name]) => name === 'Since' || name === 'Began',
  );
}

describe('when it began', () => {
  test.each([
    ['2026-11-24T09:29:30.000Z', '2026-11-24 09:29 UTC'],
    ['2026-11-24T09:18:00.000Z', '2026-11-24 09:18 UTC (12 min ago)'],
    ['2026-11-24T06:30:00.000Z', '2026-11-24 06:30 UTC (3 h ago)'],
    ['2026-11-23T03:05:00.000Z', '2026-11-23 03:05 UTC (30 h 25 min ago)'],
    ['2026-11-20T09:00:00.000Z', '2026-11-20 09:00 UTC (4 days ago)'],
    ['2026-11-24T10:00:00.000Z', '2026-11-24 10:00 UTC'],
    ['last night', 'last night'],
  ])('%s is told as %s', (moment, words) => {
    expect(since(moment)).toEqual(['Since', words]);
  });

  test('is told with how long it lasted once it is over', () => {
    expect(since('2026-11-24T06:30:00.000Z', 'key.recovered')).toEqual([
      'Began',
      '2026-11-24 06:30 UTC, and lasted 3 h',
    ]);
    expect(since('2026-11-24T09:30:00.000Z', 'key.recovered')).toEqual(['Began', '2026-11-24 09:30 UTC']);
  });
});

describe('why', () => {
  const why = (text: string, more: object = {}) => {
    const event = eventFor('key.unhealthy');
    return factsOf({ ...event, data: { ...event.data, why: text, ...more } }).find(([name]) => name === 'Why')?.[1];
  };
  const TITLE = 'the key was reported as leaked';

  test.each([
    [`${TITLE}: Use another API key`, 'Use another API key'],
    [`${TITLE} (KEY_LEAKED): Use another API key`, '(KEY_LEAKED): Use another API key'],
    [`${TITLE}; the last check: no answer in time`, 'the last check: no answer in time'],
    [`${TITLE} by somebody`, `${TITLE} by somebody`],
    ['somebody found it', 'somebody found it'],
    [TITLE, undefined],
  ])('does not say again what the headline says: %s', (text, told) => {
    expect(why(text)).toBe(told);
  });

  test.each([
    ['the headline names no cause', { headline: 'app-key · works again' }],
    ['no cause is known', { cause: undefined }],
    ['the cause is one of a newer release', { cause: 'of_tomorrow' }],
    ['it is told of several secrets', { together: { at: NOW, mine: 0, of: [] } }],
  ])('is told whole where %s', (_, more) => {
    expect(why(`${TITLE}: chat`, more)).toBe(`${TITLE}: chat`);
  });
});

describe.each(['slack', 'google-chat'] as const)('on %s, what to do next', (kind) => {
  const text = (more: { readonly step?: string | undefined; readonly next?: string | undefined }) => {
    const event = eventFor('key.unhealthy');
    return JSON.stringify(RENDER[kind]({ ...event, data: { ...event.data, ...more } })[0]?.body);
  };

  test('may be words, a command, both or nothing', () => {
    const [step, next] = ['Top up at https://x.example', 'key-warden check'];
    for (const [words, command] of [
      [step, next],
      [step, undefined],
      [undefined, next],
    ]) {
      const said = text({ step: words, next: command });
      expect(said).toContain('*Next');
      for (const part of [words, command]) if (part !== undefined) expect(said).toContain(part);
      expect(said).not.toContain('undefined');
    }
    expect(text({ step: undefined, next: undefined })).not.toContain('*Next');
  });
});

test('no text can call a Slack channel by its name', () => {
  const event = eventFor('key.unhealthy');
  const why = 'cc @here, @Channel and @everyone, ana@hereford.example';
  const said = JSON.stringify(RENDER.slack({ ...event, data: { ...event.data, why } })[0]?.body);
  expect(said).not.toMatch(/@(?:here|channel|everyone)\b/i);
  expect(said).toContain('ana@hereford.example');
});
