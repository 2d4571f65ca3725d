import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { alertReceivers, type Receivers } from '../../../src/emulator/showcase/receivers.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
let receivers: Receivers;

beforeEach(async () => {
  receivers = alertReceivers();
  cloud = await testCloud({ services: [receivers] });
});

afterEach(() => cloud.close());

const post = (path: string, body: unknown) => cloud.ask('POST', `/_receivers/${path}`, { body });

describe('pretend Slack', () => {
  test('takes a message and says ok', async () => {
    const { status, text } = await post('slack/ops', { text: 'hello', blocks: [{ type: 'divider' }] });
    expect([status, text]).toEqual([200, 'ok']);
    expect((await post('slack', { text: 'hello' })).status).toBe(200);
  });

  test.each([
    [{ blocks: [] }, 'no_text'],
    [{ text: '' }, 'no_text'],
    [{ text: 'x', blocks: [{}] }, 'invalid_blocks'],
    [{ text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
  ])('refuses %.60j with 400 %s', async (body, said) => {
    const { status, text } = await post('slack/ops', body);
    expect([status, text]).toEqual([400, said]);
  });
});

describe('pretend Google Chat', () => {
  test('gives the same message for the same request id', async () => {
    const name = async (id: string) =>
      ((await post(`google-chat/s?requestId=${id}`, { text: 'x' })).json() as { name: string }).name;
    expect(await name('a')).toBe(await name('a'));
    expect(await name('a')).not.toBe(await name('b'));
    expect((await post('google-chat/s', { text: 'x' })).status).toBe(200);
  });

  test('refuses a message without text, or over 32,000 bytes', async () => {
    expect((await post('google-chat/s', {})).status).toBe(400);
    expect((await post('google-chat/s', { text: 'x'.repeat(32_000) })).status).toBe(400);
  });
});

describe('pretend Jira Service Management', () => {
  const ask = (path: string, body: unknown, authorization = 'GenieKey abc') =>
    cloud.ask('POST', `/_receivers/jira-service-management${path}`, { body, headers: { authorization } });
  const alert = { message: 'm', alias: 'a' };

  test('takes an alert, and the end of one by its alias, with 202', async () => {
    expect((await ask('', alert)).status).toBe(202);
    expect((await ask('/a/close?identifierType=alias', {})).status).toBe(202);
  });

  test.each([
    ['', { alias: 'a' }, 422],
    ['', { ...alert, message: 'm'.repeat(131) }, 422],
    ['', { ...alert, alias: 'a'.repeat(513) }, 422],
    ['', { ...alert, alias: '' }, 422],
    ['/a/close', {}, 404],
    ['/a/b/close?identifierType=alias', {}, 404],
  ])('refuses %s %.60j with %i', async (path, body, status) => {
    expect((await ask(path, body)).status).toBe(status);
  });

  test('knows nobody without a key', async () => {
    expect((await ask('', alert, 'Basic abc')).status).toBe(401);
  });
});

describe('pretend Teams', () => {
  const card = { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } };

  test('takes a message with a card with 202', async () => {
    expect((await post('teams/workflow', { type: 'message', attachments: [card] })).status).toBe(202);
  });

  test.each([
    [{ type: 'message' }, 400],
    [{ type: 'message', attachments: [] }, 400],
    [{ type: 'AdaptiveCard', attachments: [card] }, 400],
    [{ type: 'message', attachments: [{ ...card, contentType: 'text/plain' }] }, 400],
    [{ type: 'message', attachments: [{ ...card, content: undefined }] }, 400],
    [{ type: 'message', attachments: [card], pad: 'x'.repeat(28 * 1024) }, 413],
  ])('refuses %.60j with %i', async (body, status) => {
    expect((await post('teams/workflow', body)).status).toBe(status);
  });
});

describe('pretend Alertmanager', () => {
  const alert = { labels: { alertname: 'a' }, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-02T00:00:00Z' };

  test('takes a list of alerts with 200', async () => {
    expect((await post('alertmanager/api/v2/alerts', [alert, { labels: { alertname: 'b' } }])).status).toBe(200);
    expect(receivers.received()).toMatchObject([{ body: {}, text: expect.stringContaining('"alertname":"b"') }]);
  });

  test.each([
    ['api/v2/alerts', {}, 400],
    ['api/v2/alerts', ['alert'], 400],
    ['api/v2/alerts', [{ ...alert, labels: {} }], 400],
    ['api/v2/alerts', [{ ...alert, labels: { alertname: 1 } }], 400],
    ['api/v2/alerts', [{ ...alert, endsAt: '2025-01-01T00:00:00Z' }], 400],
    ['api/v1/alerts', [alert], 404],
  ])('refuses on %s %.60j with %i', async (path, body, status) => {
    expect((await post(`alertmanager/${path}`, body)).status).toBe(status);
  });

  test('refuses what is no JSON', async () => {
    expect((await cloud.ask('POST', '/_receivers/alertmanager/api/v2/alerts', { body: '[{' })).status).toBe(400);
  });
});

describe('pretend PagerDuty', () => {
  const payload = { summary: 's', source: 'x', severity: 'critical' };
  const event = { routing_key: 'r', event_action: 'trigger', dedup_key: 'k', payload };

  test('accepts with 202', async () => {
    const { status, json } = await post('pagerduty/v2/enqueue', event);
    expect(status).toBe(202);
    expect(json()).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'k' });
    expect(
      (await post('pagerduty/v2/enqueue', { routing_key: 'r', event_action: 'resolve', dedup_key: 'k' })).status,
    ).toBe(202);
    expect((await post('pagerduty/v2/change/enqueue', { routing_key: 'r', payload: { summary: 's' } })).status).toBe(
      202,
    );
  });

  test.each([
    ['v2/enqueue', { ...event, routing_key: undefined }, 400],
    ['v2/enqueue', { ...event, event_action: 'shout' }, 400],
    ['v2/enqueue', { ...event, dedup_key: 'k'.repeat(256) }, 400],
    ['v2/enqueue', { ...event, payload: undefined }, 400],
    ['v2/enqueue', { ...event, payload: { ...payload, source: undefined } }, 400],
    ['v2/enqueue', { ...event, payload: { ...payload, severity: 'loud' } }, 400],
    ['v2/enqueue', { routing_key: 'r', event_action: 'resolve' }, 400],
    ['v2/change/enqueue', { routing_key: 'r' }, 400],
    ['v3/enqueue', event, 404],
    ['v2/enqueue', { ...event, pad: 'x'.repeat(512 * 1024) }, 413],
  ])('refuses on %s what breaks its rules', async (path, body, status) => {
    expect((await post(`pagerduty/${path}`, body)).status).toBe(status);
  });
});

describe('what came', () => {
  test('is kept with its bytes, headers and query, and told and forgotten on request', async () => {
    await cloud.ask('POST', '/_receivers/webhook/hook?a=1', { body: '{"x": 1}', headers: { 'webhook-id': 'i' } });
    const came = {
      receiver: 'webhook',
      path: '/hook',
      query: { a: '1' },
      body: { x: 1 },
      text: '{"x": 1}',
      status: 204,
    };
    expect(receivers.received()).toMatchObject([{ ...came, headers: { 'webhook-id': 'i' } }]);
    expect((await cloud.ask('GET', '/_receivers')).json()).toMatchObject({ received: [came] });
    expect((await cloud.ask('DELETE', '/_receivers')).json()).toEqual({ received: [] });
    await post('webhook', {});
    receivers.clear();
    expect(receivers.received()).toEqual([]);
  });

  test('is refused when it is no JSON object, as a POST to nobody and a GET are', async () => {
    expect((await post('webhook', 'hello')).status).toBe(400);
    expect((await post('carrier-pigeon', {})).status).toBe(404);
    expect((await cloud.ask('GET', '/_receivers/webhook')).status).toBe(404);
    expect(receivers.received()).toEqual([]);
  });
});
