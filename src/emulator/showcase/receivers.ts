import { Buffer } from 'node:buffer';
import { WEB_KINDS } from '../../core/alerts/channels/channel.ts';
import type { Reply, Request, Service } from '../wire/http.ts';
import { isJsonObject, jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';

/** What came to a receiver. */
interface ReceivedAlert {
  /** A kind of channel. */
  readonly receiver: string;
  /** What stood behind the receiver's name, for telling several of one kind apart. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty where a list came. */
  readonly body: JsonObject;
  /** The body as it came, which is what a signature is over. */
  readonly text: string;
  readonly status: number;
}

/** Pretend Slack, Google Chat, Teams, PagerDuty, Jira Service Management, Alertmanager and webhook receivers under `/_receivers/<kind>/…`. */
export interface Receivers extends Service {
  received(): readonly ReceivedAlert[];
  clear(): void;
}

const ROUTE = new RegExp(`^/_receivers/(${WEB_KINDS.join('|')})(/.*)?$`);
const LIST = '/_receivers';
const CHAT_BYTES_MAX = 32_000;
const TEAMS_BYTES_MAX = 28 * 1024;
const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';
/** PagerDuty’s own list, which has to hold every severity of ours. */
const PAGERDUTY_SEVERITIES: readonly string[] = ['critical', 'error', 'warning', 'info'];
const PAGERDUTY_BYTES_MAX = 512 * 1024;

/** `GET /_receivers` lists what came; DELETE forgets it. Whoever wants one to fail plants a fault on its path. */
export function alertReceivers(): Receivers {
  let all: ReceivedAlert[] = [];
  return {
    title: 'Alert receivers',
    received: () => all,
    clear() {
      all = [];
    },
    answer(request) {
      if (request.path === LIST) {
        if (request.method === 'DELETE') all = [];
        return { status: 200, body: { received: all } };
      }
      const [found, receiver = '', path = ''] = ROUTE.exec(request.path) ?? [];
      if (found === undefined || request.method !== 'POST') return undefined;
      const body = receiver === 'alertmanager' ? {} : jsonObjectOf(request.body);
      const reply = replyOf(receiver, path, body, request);
      const text = request.body.toString('utf8');
      const query = Object.fromEntries(request.query);
      all = [...all, { receiver, path, query, headers: request.headers, body, text, status: reply.status }];
      return reply;
    },
  };
}

function replyOf(receiver: string, path: string, body: JsonObject, request: Request): Reply {
  switch (receiver) {
    case 'slack':
      return slackReply(body);
    case 'google-chat':
      return chatReply(body, request);
    case 'teams':
      return teamsReply(body, request);
    case 'pagerduty':
      return pagerDutyReply(path, body, request);
    case 'jira-service-management':
      return jiraReply(path, body, request);
    case 'alertmanager':
      return alertmanagerReply(path, request);
    default:
      return { status: 204 };
  }
}

function slackReply({ text, blocks }: JsonObject): Reply {
  const contentType = 'text/html; charset=utf-8';
  if (typeof text !== 'string' || text === '') return { status: 400, body: 'no_text', contentType };
  const shown = [blocks ?? []].flat();
  const fits = shown.length <= 50 && shown.every((block) => isJsonObject(block) && typeof block['type'] === 'string');
  return fits ? { status: 200, body: 'ok', contentType } : { status: 400, body: 'invalid_blocks', contentType };
}

function chatReply({ text, thread }: JsonObject, { body, query }: Request): Reply {
  if (typeof text !== 'string' || body.length > CHAT_BYTES_MAX)
    return { status: 400, body: { error: { code: 400, message: 'Invalid message', status: 'INVALID_ARGUMENT' } } };
  const id = query.get('requestId') ?? 'message';
  return {
    status: 200,
    body: { name: `spaces/pretend/messages/${Buffer.from(id).toString('base64url')}`, text, thread },
  };
}

/** 202 from a workflow that took the message; what its card is like shows in Teams only. */
function teamsReply({ type, attachments }: JsonObject, { body }: Request): Reply {
  if (body.length > TEAMS_BYTES_MAX) return { status: 413, body: '' };
  const cards = [attachments ?? []].flat();
  const isCard = (card: unknown) =>
    isJsonObject(card) && card['contentType'] === ADAPTIVE_CARD && isJsonObject(card['content']);
  return type === 'message' && cards.length > 0 && cards.every(isCard)
    ? { status: 202, body: '' }
    : { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch', message: 'not a message with a card' } } };
}

/** 200 for a list of alerts, each with labels that name it and no end before its beginning; its refusals are one JSON text. */
function alertmanagerReply(path: string, { body }: Request): Reply {
  if (path !== '/api/v2/alerts') return { status: 404, body: { code: 404, message: `path ${path} was not found` } };
  const alerts = alertsIn(body.toString('utf8'));
  if (alerts === undefined) return { status: 400, body: { code: 400, message: 'parsing alerts body failed' } };
  const isFine = ({ labels, startsAt, endsAt }: JsonObject) =>
    isJsonObject(labels) &&
    Object.keys(labels).length > 0 &&
    Object.values(labels).every((label) => typeof label === 'string') &&
    !(Date.parse(String(startsAt)) > Date.parse(String(endsAt)));
  return alerts.every(isFine) ? { status: 200, body: '' } : { status: 400, body: JSON.stringify('invalid alert') };
}

function alertsIn(text: string): readonly JsonObject[] | undefined {
  try {
    const alerts: unknown = JSON.parse(text);
    return Array.isArray(alerts) && alerts.every(isJsonObject) ? alerts : undefined;
  } catch {
    return undefined;
  }
}

/** 202 for an alert or the end of one, which is carried out later: an alias that nothing is open under is no error. */
function jiraReply(path: string, { message, alias }: JsonObject, { headers, query }: Request): Reply {
  const refused = (status: number, text: string): Reply => ({ status, body: { message: text, took: 0 } });
  if (!/^GenieKey \S+$/.test(headers['authorization'] ?? '')) return refused(401, 'Could not authenticate');
  const isEnd = /^\/[^/]+\/close$/.test(path) && query.get('identifierType') === 'alias';
  if (!isEnd && path !== '') return refused(404, 'no such path');
  const fits = (text: unknown, most: number) => typeof text === 'string' && text !== '' && text.length <= most;
  if (!isEnd && (!fits(message, 130) || !fits(alias, 512))) return refused(422, 'Request body is not processable');
  return { status: 202, body: { result: 'Request will be processed', took: 0.01, requestId: 'pretend' } };
}

/** 202 for what Events API v2 takes. */
function pagerDutyReply(path: string, body: JsonObject, request: Request): Reply {
  const isChange = path === '/v2/change/enqueue';
  const wrong = (message: string): Reply => ({
    status: 400,
    body: { status: 'invalid event', message: 'Event object is invalid', errors: [message] },
  });
  if (!isChange && path !== '/v2/enqueue') return { status: 404, body: { status: 'not found' } };
  if (request.body.length > PAGERDUTY_BYTES_MAX) return { status: 413, body: { status: 'too large' } };
  if (typeof body['routing_key'] !== 'string') return wrong("'routing_key' is missing or blank");
  const { payload, event_action: action, dedup_key: key } = body;
  if (!isChange && !['trigger', 'acknowledge', 'resolve'].includes(String(action)))
    return wrong("'event_action' is invalid");
  if (typeof key === 'string' && key.length > 255) return wrong("'dedup_key' is too long");
  const fields = isJsonObject(payload) ? payload : {};
  if (isChange || action === 'trigger') {
    if (typeof fields['summary'] !== 'string') return wrong("'payload.summary' is missing or blank");
    if (!isChange && typeof fields['source'] !== 'string') return wrong("'payload.source' is missing or blank");
    if (!isChange && !PAGERDUTY_SEVERITIES.includes(String(fields['severity'])))
      return wrong("'payload.severity' is invalid");
  }
  if (action === 'resolve' && typeof key !== 'string') return wrong("'dedup_key' is missing or blank");
  return {
    status: 202,
    body: { status: 'success', message: 'Event processed', ...(isChange ? {} : { dedup_key: key }) },
  };
}
