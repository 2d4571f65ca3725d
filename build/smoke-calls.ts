import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { NO_ALERTS, originOf } from '../src/core/settings/alert-settings.ts';
import { eventOf } from '../src/core/alerts/event/event.ts';
import { askJson } from '../src/core/survey/part-text.ts';
import { parseInstant } from '../src/core/values/time.ts';
import { webhookBody, webhookSignature } from '../src/emulator/wire/pagerduty-webhook.ts';
import { SHOWCASE_PROJECT, SHOWCASE_SIGNING } from '../src/emulator/showcase/showcase.ts';

/** A call that an entry point must be able to answer, and what is in a good answer. */
export interface SmokeCall {
  readonly method: 'GET' | 'POST';
  /** Put behind the address. */
  readonly path?: string;
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: 200 | 204;
  /** Must be in the answer, or in the log where an answer has no body. */
  readonly says: string;
}

/** Name of the channel that `notify` must deliver on. */
export const SMOKE_CHANNEL = 'ops';

const SECRET = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
/** The framework looks for the topic in the path, and says so with every message where it is not. */
const PUSH_PATH = `projects/${SHOWCASE_PROJECT}/topics/t`;
const WHEN = '2026-11-24T00:00:00.000Z';

/** By entry point, each as its caller in the cloud makes it. A test wants one for every entry point there is. */
export const SMOKE_CALLS: Readonly<Record<string, SmokeCall>> = {
  healthCheck: { method: 'POST', status: 200, says: '"schema":"key-warden/report/v1"' },
  rotate: { method: 'GET', path: `?secret=${SECRET}`, status: 200, says: '"schema":"key-warden/rotation/v1"' },
  reconcile: { method: 'POST', status: 200, says: '"schema":"key-warden/reconciliation/v1"' },
  reach: { method: 'POST', status: 200, says: '"schema":"key-warden/reach/v1"' },
  purge: { method: 'POST', status: 200, says: '"schema":"key-warden/purge/v1"' },
  inventory: { method: 'POST', status: 200, says: '"schema":"key-warden/inventory-news/v1"' },
  survey: {
    method: 'POST',
    body: askJson({
      part: { project: SHOWCASE_PROJECT, location: 'global' },
      most: 100,
      deep: 'never',
      runEveryMinutes: 10,
      seconds: 60,
    }),
    status: 200,
    says: '"schema":"key-warden/survey/v1"',
  },
  acknowledge: signed('incident.resolved', '"schema":"key-warden/acknowledgement/v1"'),
  leakReports: leakReport(),
  statusPage: { method: 'GET', status: 200, says: '<h1>Gemini keys</h1>' },
  onSecretEvent: {
    method: 'POST',
    path: PUSH_PATH,
    body: pushed({
      eventType: 'SECRET_VERSION_ADD',
      secretId: SECRET,
      versionId: `${SECRET}/versions/1`,
      timestamp: WHEN,
    }),
    status: 204,
    says: 'event added:',
  },
  notify: {
    method: 'POST',
    path: PUSH_PATH,
    body: pushed({ channel: SMOKE_CHANNEL }, alertTest()),
    status: 204,
    says: `delivered on ${SMOKE_CHANNEL}:`,
  },
};

/** What `key-warden alert test` publishes. */
function alertTest(): string {
  const now = parseInstant(WHEN);
  if (now === undefined) throw new TypeError(`${WHEN} is no moment`);
  return JSON.stringify(eventOf({ type: 'alert.test', askedBy: 'a smoke test' }, { ...originOf(NO_ALERTS, []), now }));
}

/** A webhook as PagerDuty signs it. */
function signed(type: string, says: string): SmokeCall {
  const text = webhookBody({ type, key: 'none', who: 'nobody', occurredAt: WHEN });
  const body: object = JSON.parse(text);
  const headers = { 'x-pagerduty-signature': webhookSignature(JSON.stringify(body), [SHOWCASE_SIGNING]) };
  return { method: 'POST', body, headers, status: 200, says };
}

/** A webhook of GitHub's that is no alert. */
function leakReport(): SmokeCall {
  const body = { zen: 'Keep it logically awesome.' };
  const signature = createHmac('sha256', SHOWCASE_SIGNING).update(JSON.stringify(body)).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  return { method: 'POST', body, headers, status: 200, says: '"schema":"key-warden/leak-report/v1"' };
}

/** A message as Pub/Sub pushes it. */
function pushed(attributes: Readonly<Record<string, string>>, text = '{}'): object {
  return {
    subscription: `projects/${SHOWCASE_PROJECT}/subscriptions/push`,
    message: {
      messageId: '1',
      publishTime: WHEN,
      attributes,
      data: Buffer.from(text).toString('base64'),
    },
  };
}
