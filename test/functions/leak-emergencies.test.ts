import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { signatureHeaders } from '../../src/edge/webhooks/standard-webhooks.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

/** `leakReports` and `rotate` as processes of the framework: the one hears of a leak and asks the other, under a token of its own. */
const account = (id: string) => `${id}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
const FINDER = account('finder');
const nameOf = (id: string) => `projects/${SHOWCASE_PROJECT}/secrets/${id}`;
const ALERTS = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const GITHUB = 'what-github-was-given-' + 's'.repeat(20);
const OWN = Buffer.alloc(32, 'o');
const STRANGE = 'AI' + 'za' + 's'.repeat(35);
const EMERGENCIES = 3;

let cloud: PretendCloud;
let rotate: FunctionProcess;
let hear: FunctionProcess;
let seen = 0;

beforeAll(async () => {
  cloud = await pretendCloud({
    propagation: { newKeyMs: 0 },
    metadata: { email: FINDER, project: SHOWCASE_PROJECT },
  });
  const shared = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_ALERT_TOPIC: ALERTS,
    KEY_WARDEN_LEAK_EMERGENCIES: String(EMERGENCIES),
  };
  rotate = await functionProcess('rotate', {
    ...shared,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_CALLERS: account('on-call'),
    KEY_WARDEN_LEAK_CALLERS: FINDER,
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: account('search-app'),
  });
  hear = await functionProcess('leakReports', {
    ...shared,
    KEY_WARDEN_LEAK_SIGNING: `github=${nameOf('github-leaks')},webhook=${nameOf('own-leaks')}`,
    KEY_WARDEN_FUNCTIONS: JSON.stringify({ rotate: rotate.url }),
  });
}, 60_000);
beforeEach(() => {
  cloud.reset();
  setUpShowcase(cloud);
  cloud.pubsub.store.createTopic({ name: ALERTS, labels: {} });
  seed('github-leaks', GITHUB, {});
  seed('own-leaks', `whsec_${OWN.toString('base64')}`, {});
  seen = hear.lines.length;
});
afterAll(async () => {
  await Promise.all([rotate, hear].map((one) => one.end()));
  await cloud.close();
});

function seed(secretId: string, payload: string, labels: Record<string, string> = { 'key-warden': 'managed' }): void {
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [payload], labels, aliases: { current: 1 } });
}

const keyOf = (id: string) => cloud.keyring.all().find(({ displayName }) => displayName === id)?.keyString ?? '';

/** As Standard Webhooks are signed. */
async function report(held: object, id: string) {
  const body = JSON.stringify(held);
  const seconds = Math.floor(cloud.clock.now() / 1000);
  return sent(body, signatureHeaders({ id, seconds, body }, [OWN]));
}
const sent = async (body: string, headers: Readonly<Record<string, string>>) =>
  (await fetch(hear.url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })).status;

interface Told {
  readonly type: string;
  readonly secret?: string;
  readonly why: string;
  readonly next?: string;
  readonly emergency?: { readonly is: string };
}

/** What was announced since the test began, as the log has it. */
const told = () =>
  hear.lines
    .slice(seen)
    .flatMap((line) => (line.startsWith('{') ? ((JSON.parse(line) as { notice?: Told }).notice ?? []) : []));
const endsOf = () => told().map(({ secret, emergency }) => [secret?.split('/').at(-1), emergency?.is]);
/** How many versions a secret has. */
async function versionsOf(id: string): Promise<number> {
  const answer = await fetch(`${cloud.url}/v1/${nameOf(id)}/versions`, { headers: { authorization: 'Bearer x' } });
  return ((await answer.json()) as { totalSize: number }).totalSize;
}

async function ask(body: object, caller = FINDER) {
  const authorization = `Bearer ${cloud.oidc.idToken(caller, rotate.url)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(rotate.url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, text: await answer.text() };
}

describe('a report that holds the key which consumers read', () => {
  test('begins the emergency, and what is announced says so and where it stands', async () => {
    expect(await report({ found: `KEY=${keyOf('search-app')}` }, 'msg_1')).toBe(200);
    const [only] = told();
    expect(only).toMatchObject({
      type: 'leak.reported',
      emergency: { is: 'begun' },
      next: `key-warden status --secret ${nameOf('search-app')}`,
    });
    expect(only?.why).toContain('; the emergency is begun: consumers get a new key, and the old one is deleted');
    expect(await versionsOf('search-app')).toBe(2);
    expect(rotate.lines.join('\n')).toContain(`reported as leaked by a signed webhook (`);
  });

  test('begins one, however often and by whomever the key is reported', async () => {
    const key = keyOf('search-app');
    const body = JSON.stringify({ action: 'created', alert: { secret_type: 'google_api_key', secret: key } });
    const byGitHub = { 'x-hub-signature-256': `sha256=${createHmac('sha256', GITHUB).update(body).digest('hex')}` };
    expect(await report({ found: key }, 'msg_1')).toBe(200);
    expect(await report({ found: key }, 'msg_1')).toBe(200);
    expect(await report({ found: key }, 'msg_2')).toBe(200);
    for (const _ of ['delivered', 'delivered again', 'recorded and replayed'])
      expect(await sent(body, byGitHub)).toBe(200);
    expect(await versionsOf('search-app')).toBe(2);
    expect(endsOf().filter(([, is]) => is === 'begun')).toHaveLength(1);
    expect(told().at(-1)).toMatchObject({ secret: expect.stringMatching(/search-app$/), retired: 'deleted' });
  });

  test('in a form of JSON, and in JSON inside it, is the key all the same', async () => {
    const inside = JSON.stringify({ apiKey: keyOf('search-app') });
    expect(await report({ occurrences: [{ match: inside }] }, 'msg_1')).toBe(200);
    expect(endsOf()).toEqual([['search-app', 'begun']]);
  });

  test('makes the rotation that is replacing it an emergency, and begins none beside it', async () => {
    const key = keyOf('search-app');
    await ask({ secret: nameOf('search-app') }, account('on-call'));
    expect(await report({ found: key }, 'msg_1')).toBe(200);
    expect(endsOf()).toEqual([['search-app', 'begun']]);
    expect(await versionsOf('search-app')).toBe(2);
    expect(cloud.keyring.all().some(({ keyString, deletedAt }) => keyString === key && deletedAt === undefined)).toBe(
      false,
    );
  });

  test('whose delivery ended half way is taken up by the next one', async () => {
    const key = keyOf('search-app');
    cloud.faults.plant({ path: '/topics/alerts' }, 1, { act: 'answer', reply: NOT_NOW });
    await report({ found: key }, 'msg_1');
    expect(await report({ found: key }, 'msg_1')).toBe(200);
    expect(await versionsOf('search-app')).toBe(2);
  });
});

const NOT_NOW = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } };

describe('what begins nothing, and is told', () => {
  test('a key that more secrets serve than a report may begin', async () => {
    const key = keyOf('search-app');
    for (const number of [1, 2, 3]) seed(`copy-${number}`, key);
    expect(await report({ found: key }, 'msg_1')).toBe(200);
    expect(endsOf().map(([, is]) => is)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(told()[0]?.why).toContain('4 secrets serve the key, and a report may begin 3');
    expect(told()[0]?.next).toMatch(/^key-warden rotate --secret \S+ --emergency/);
    expect(await versionsOf('search-app')).toBe(1);
  });

  test('more reports within an hour than the settings allow', async () => {
    const keys = Array.from({ length: EMERGENCIES + 1 }, (_, number) => `AI${'za'}${String(number).repeat(35)}`);
    keys.forEach((key, number) => seed(`test-${number}`, key));
    for (const [number, key] of keys.entries()) await report({ found: key }, `msg_${number}`);
    const ends = endsOf().map(([, is]) => is);
    expect(ends.slice(0, EMERGENCIES)).not.toContain('refused');
    expect(ends.at(-1)).toBe('refused');
    expect(told().at(-1)?.why).toContain('began 3 emergencies within the last hour, and 3 are allowed');
  });

  test('a key of somebody else, a part of ours, and thousands of guesses', async () => {
    const key = keyOf('search-app');
    expect(await report({ found: STRANGE }, 'msg_1')).toBe(200);
    expect(await report({ found: key.slice(0, -1) }, 'msg_2')).not.toBe(500);
    const guesses = Array.from({ length: 10_000 }, (_, number) => `AI${'za'}${String(number).padStart(35, 'g')}`);
    expect(await report({ found: [...guesses, key] }, 'msg_3')).toBe(400);
    expect(await versionsOf('search-app')).toBe(1);
    expect(endsOf()).toEqual([
      [undefined, undefined],
      ['search-app', 'refused'],
    ]);
  });

  test('a report that is signed wrongly, or was signed long ago', async () => {
    const body = JSON.stringify({ found: keyOf('search-app') });
    const seconds = Math.floor(cloud.clock.now() / 1000);
    expect(await sent(body, signatureHeaders({ id: 'm', seconds, body }, [Buffer.alloc(32, 'x')]))).toBe(401);
    expect(await sent(body, signatureHeaders({ id: 'm', seconds: seconds - 3600, body }, [OWN]))).toBe(401);
    expect(await versionsOf('search-app')).toBe(1);
    expect(told()).toEqual([]);
  });
});

describe('whoever hears of leaks may ask `rotate`', () => {
  const LEAKED = { secret: nameOf('search-app'), mode: 'leaked', version: 1 };

  test.each([
    ['to look', undefined],
    ['for a rotation', { secret: LEAKED.secret }],
    ['for an emergency of any version', { secret: LEAKED.secret, mode: 'emergency' }],
    ['to revoke a key', { secret: LEAKED.secret, mode: 'revoke' }],
    ['to give up what is under way', { secret: LEAKED.secret, mode: 'abort' }],
    ['for silence', { mode: 'alert-test' }],
  ])('for this alone, and not %s', async (_, body) => {
    const authorization = `Bearer ${cloud.oidc.idToken(FINDER, rotate.url)}`;
    const shown = () => fetch(`${rotate.url}/?secret=${LEAKED.secret}`, { headers: { authorization } });
    const status = body === undefined ? (await shown()).status : (await ask(body)).status;
    expect(status).toBe(403);
    expect(await versionsOf('search-app')).toBe(1);
  });

  test.each([
    ['no version', { version: undefined }, 400, 'version is missing'],
    ['a choice of the new key', { keyProject: SHOWCASE_PROJECT }, 400, 'keyProject does not go with the mode leaked'],
    ['more than one secret', { allHolders: true }, 400, 'allHolders does not go with the mode leaked'],
    [
      'a version that consumers do not read',
      { version: 7 },
      422,
      'consumers read version 1, so version 7 cannot be replaced',
    ],
  ])('and not with %s', async (_, more, status, words) => {
    const answer = await ask({ ...LEAKED, ...more });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
    expect(await versionsOf('search-app')).toBe(1);
  });

  test('and nobody else may do it so, although he may rotate', async () => {
    const { status, text } = await ask(LEAKED, account('on-call'));
    expect([status, text]).toEqual([403, expect.stringContaining('KEY_WARDEN_LEAK_CALLERS')]);
  });
});

test('no byte of a key is in either log', () => {
  const lines = [...hear.lines, ...rotate.lines].join('\n');
  expect(lines).not.toMatch(/AIza[\w-]{20}|AQ\.[\w-]{20}/);
});
