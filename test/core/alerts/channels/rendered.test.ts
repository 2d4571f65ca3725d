import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { describe, expect, test } from '@jest/globals';
import type { ChannelKind } from '../../../../src/core/alerts/channels/channel.ts';
import { RENDER } from '../../../../src/core/alerts/channels/render.ts';
import { boundedKey } from '../../../../src/core/alerts/channels/thread-key.ts';
import type { WardenEvent } from '../../../../src/core/alerts/event/event.ts';
import { isRecord } from '../../../../src/core/values/json.ts';
import { expectGolden } from '../../../support/golden.ts';
import { eventFor } from '../../../support/notices.ts';

const GOLDEN = new URL('../../../golden/', import.meta.url);
const KINDS = Object.keys(RENDER) as ChannelKind[];

function spoiled(changes: Partial<WardenEvent['data']>): WardenEvent {
  const event = eventFor('key.unhealthy');
  return { ...event, data: { ...event.data, ...changes } };
}

/** The body of a message that is one JSON object. */
function objectsOf(kind: ChannelKind, event: WardenEvent) {
  return RENDER[kind](event).flatMap(({ path, body }) => (isRecord(body) ? [{ path, body }] : []));
}

const textOf = (kind: ChannelKind, event: WardenEvent) => JSON.stringify(RENDER[kind](event).map(({ body }) => body));

describe.each(KINDS)('on %s', (kind) => {
  test.each(NOTICE_TYPES)('%s reads as a person has seen it', async (type) => {
    await expectGolden(new URL(`${kind}/${type}.json`, GOLDEN), RENDER[kind](eventFor(type)));
  });

  test('an alert says who, since when, why, the exact next command and where the runbook is', () => {
    const { who, step, next, runbook } = eventFor('key.unhealthy').data;
    const why = 'Your API key was reported as leaked. Please use another API key';
    for (const fact of [who, /2026-11-24.03:00/, why, step, next, runbook])
      expect(textOf(kind, eventFor('key.unhealthy'))).toMatch(fact ?? 'missing');
  });

  test('stays within the bounds of the channel however long a text is', () => {
    const event = spoiled({
      who: 'w'.repeat(9000),
      why: 'y'.repeat(9000),
      next: 'n'.repeat(9000),
      summary: 's'.repeat(9000),
      headline: 'h'.repeat(900),
    });
    if (kind !== 'webhook') expect(textOf(kind, event).length).toBeLessThan(64_000);
  });

  test('does without what an event lacks', () => {
    const {
      since: _since,
      step: _step,
      next: _next,
      cause: _cause,
      secret: _secret,
      labels: _labels,
      links: _links,
      quiet: _quiet,
      ...rest
    } = eventFor('key.unhealthy').data;
    const bare = { ...eventFor('key.unhealthy'), data: { ...rest, runbook: 'docs/runbook.md#key_leaked' } };
    expect(textOf(kind, bare)).not.toContain('undefined');
    expect(textOf(kind, bare)).toContain('docs/runbook.md#key_leaked');
  });
});

test('no text can call a whole Slack channel or make a link', () => {
  const text = textOf(
    'slack',
    spoiled({ who: '<!channel> & <https://evil.example|here>', why: '<!here>', next: 'a <b' }),
  );
  expect(text).not.toContain('<!');
  expect(text).not.toContain('<https://evil');
  expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;');
  expect(text).toContain('a &lt;b');
});

test('no text can call everybody in Google Chat', () => {
  const text = textOf('google-chat', spoiled({ who: '<users/all>', why: '<users/all>' }));
  expect(text).not.toContain('<users/all>');
  expect(text).toContain('‹users/all›');
});

describe('what PagerDuty is told', () => {
  const actions = (type: (typeof NOTICE_TYPES)[number]) =>
    objectsOf('pagerduty', eventFor(type)).map(({ path, body }) => [path, body['event_action'], body['dedup_key']]);

  test('opens and closes an incident under one key', () => {
    const key = 'projects/123456789012/secrets/app-key#20261124-1';
    const resolves = [`${key}/critical`, key].map((one) => ['/v2/enqueue', 'resolve', one]);
    expect(actions('key.unclear')).toEqual([['/v2/enqueue', 'trigger', key]]);
    expect(actions('key.recovered')).toEqual(resolves.toReversed());
  });

  test('of what becomes critical opens an incident of its own, since a trigger of one that is acknowledged calls nobody', () => {
    const key = 'projects/123456789012/secrets/app-key#20261124-1';
    expect(actions('key.unhealthy')).toEqual([['/v2/enqueue', 'trigger', `${key}/critical`]]);
    expect(actions('key.reminder')).toEqual([
      ['/v2/enqueue', 'trigger', `${key}/critical`],
      ['/v2/enqueue', 'resolve', key],
    ]);
  });

  test('of a rotation is a change event, which pages nobody, unless it waits for a person', () => {
    const key = 'projects/123456789012/secrets/app-key/rotations/kw-app-key-7';
    expect(actions('rotation.opened')).toEqual([['/v2/change/enqueue', undefined, undefined]]);
    expect(actions('rotation.held')).toEqual([['/v2/enqueue', 'trigger', key]]);
    expect(actions('rotation.completed')).toEqual([
      ['/v2/enqueue', 'resolve', key],
      ['/v2/enqueue', 'resolve', `${key}/critical`],
      ['/v2/change/enqueue', undefined, undefined],
    ]);
  });

  test('is nothing for a heartbeat', () => {
    expect(actions('fleet.heartbeat')).toEqual([]);
  });

  test('names the deployment where there is no secret', () => {
    const sources = (['fleet.outage', 'alert.test'] as const).map(
      (type) => objectsOf('pagerduty', eventFor(type))[0]?.body['payload'],
    );
    expect(sources).toMatchObject([
      { source: '//gemini-key-warden/projects/ops-prod' },
      { source: '//gemini-key-warden/projects/ops-prod' },
    ]);
    const { secret: _, ...data } = eventFor('key.aging').data;
    expect(objectsOf('pagerduty', { ...eventFor('key.aging'), data })[0]?.body['payload']).toMatchObject({
      source: '//gemini-key-warden/projects/ops-prod',
    });
  });
});

test('a bounded key is short, the same for the same name, and another one for another', () => {
  expect(boundedKey('short', 5)).toBe('short');
  const long = boundedKey(`${'x'.repeat(300)}1`, 255);
  expect(long).toHaveLength(255);
  expect(long).toMatch(/^x{246}~[0-9a-f]{8}$/);
  expect(boundedKey(`${'x'.repeat(300)}1`, 255)).toBe(long);
  expect(boundedKey(`${'x'.repeat(300)}2`, 255)).not.toBe(long);
  // a checksum that begins with a zero keeps its eight digits
  const lengths = Array.from({ length: 64 }, (_, at) => boundedKey(`${'x'.repeat(40)}${at}`, 20).length);
  expect(new Set(lengths)).toEqual(new Set([20]));
});

test.each(['slack', 'pagerduty'] as const)('%s makes a link of a runbook only where it is an address', (kind) => {
  const linked = textOf(kind, spoiled({ runbook: 'https://wiki.example/r#ok' }));
  const named = textOf(kind, spoiled({ runbook: 'docs/runbook.md#ok' }));
  const [before, after] = kind === 'slack' ? ['<', '|Runbook>'] : ['"href":"', '"'];
  expect(linked).toContain(`${before}https://wiki.example/r#ok${after}`);
  expect(named).not.toContain(`${before}docs/runbook.md#ok${after}`);
  expect(named).toContain('docs/runbook.md#ok');
});

test('a webhook’s id has no dot, which separates what is signed', () => {
  expect(RENDER.webhook(eventFor('key.unhealthy'))[0]?.id).toBe(
    'projects/123456789012/secrets/app-key#20261124-1/key_unhealthy/critical/key_leaked',
  );
});

test('the body of a webhook stays below 20 kB', () => {
  for (const type of NOTICE_TYPES) expect(textOf('webhook', eventFor(type)).length).toBeLessThan(20_000);
});
