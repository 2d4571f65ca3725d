import { Buffer } from 'node:buffer';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { showcaseEnvironment, showcaseSigning, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { isRecord, parseJson } from '../../src/core/values/json.ts';
import { AUTH, DAY_MS, STANDARD, testCloud, type TestCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

const ANNOTATION = 'key-warden.inventory';
const EIGHT_HOURS = { advanceSeconds: 8 * 3600 };
const HEARD = `/v1/projects/${SHOWCASE_PROJECT}/subscriptions/heard`;

let cloud: TestCloud;
let worker: FunctionProcess;
let environment: Readonly<Record<string, string>> = {};
let memory = '';

/** A project with a key under care, and one of the legacy type that a forgotten secret holds. */
beforeEach(async () => {
  cloud = await testCloud();
  cloud.names.add(SHOWCASE_PROJECT);
  environment = { PATH: process.env['PATH'] ?? '', ...showcaseEnvironment(cloud), ...showcaseSigning(cloud) };
  memory = environment['KEY_WARDEN_INVENTORY_MEMORY'] ?? '';
  made(AUTH);
  made(STANDARD);
  const seed = (secretId: string, payload: string, labels = {}) =>
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [payload], labels });
  seed('app-key', AUTH, { 'key-warden': 'managed' });
  seed('forgotten', STANDARD);
  await cloud.ask('PUT', HEARD, { body: { topic: `projects/${SHOWCASE_PROJECT}/topics/alerts` } });
  worker = await functionProcess('inventory', environment);
}, 30_000);
afterEach(async () => {
  await worker.end();
  await cloud.close();
});

/** A key that is as old as its use is known. */
function made(key: string): void {
  const project = cloud.names.numberOf(SHOWCASE_PROJECT);
  cloud.keyring.put(key, 'works', { project }, cloud.clock.now() - 20 * DAY_MS);
}

async function run(body?: string) {
  const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
  const answer = await fetch(worker.url, { method: 'POST', ...sent });
  const text = await answer.text();
  const json = parseJson(text);
  return { status: answer.status, text, json: isRecord(json) ? json : {} };
}

interface Pulled {
  readonly receivedMessages?: readonly { readonly ackId: string; readonly message: { readonly data: string } }[];
}

/** The events that were published since this was asked last. */
async function heard() {
  const answer = await cloud.ask('POST', `${HEARD}:pull`, { body: { maxMessages: 99 } });
  const { receivedMessages = [] } = answer.json() as Pulled;
  const ackIds = receivedMessages.map(({ ackId }) => ackId);
  if (ackIds.length > 0) await cloud.ask('POST', `${HEARD}:acknowledge`, { body: { ackIds } });
  return receivedMessages.map(({ message }) => {
    const event = parseJson(Buffer.from(message.data, 'base64').toString('utf8'));
    if (!isRecord(event) || !isRecord(event['data'])) throw new Error('it is no event');
    const { next } = event['data'];
    return { ...event['data'], id: event['id'], subject: event['subject'], next };
  });
}

async function remembered(): Promise<string | undefined> {
  const secret = (await cloud.ask('GET', `/v1/${memory}`)).json() as { annotations?: Record<string, string> };
  return secret.annotations?.[ANNOTATION];
}

const linesWith = (words: string) => worker.lines.filter((line) => line.includes(words));

describe('inventory, called by Cloud Scheduler', () => {
  test('says once how things stand, then what is new and nothing else, and writes one annotation', async () => {
    const before = cloud.requests().length;
    expect(await run()).toMatchObject({
      status: 200,
      json: {
        schema: 'key-warden/inventory-news/v1',
        keys: 2,
        counts: { unmanaged: 1, legacy: 1 },
        memory: 'first_run',
        messages: 1,
        gaps: 0,
      },
    });
    expect(await heard()).toMatchObject([
      { notice: 'inventory.news', subject: 'fleet', detail: { because: 'first_run' } },
    ]);
    expect(linesWith('"inventory":{"keys":2,"news":2,"messages":1,"ended":0,"beyond":0,"gaps":0')).toHaveLength(1);

    await cloud.control('POST clock', EIGHT_HOURS);
    expect((await run()).json).toMatchObject({ memory: 'known', news: 0, messages: 0 });
    expect(await heard()).toEqual([]);

    const shadow = `AI${'za'}${'n'.repeat(35)}`;
    made(shadow);
    await cloud.control('POST clock', EIGHT_HOURS);
    expect((await run()).json).toMatchObject({ news: 2, messages: 2 });
    const told = await heard();
    expect(told).toMatchObject([
      { severity: 'error', project: SHOWCASE_PROJECT, detail: { kind: 'shadow', count: 1 } },
      { severity: 'warning', detail: { kind: 'legacy' } },
    ]);
    expect(String(told[0]?.next)).toMatch(/^gcloud services api-keys delete /);
    expect((await run()).json).toMatchObject({ news: 0 });

    const text = `${JSON.stringify(told)} ${await remembered()} ${worker.lines.join(' ')}`;
    for (const key of [AUTH, STANDARD, shadow]) expect(text).not.toContain(key);
    const asked = cloud
      .requests()
      .slice(before)
      .filter(({ path }) => !path.startsWith(HEARD));
    const written = asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
    expect(new Set(written)).toEqual(
      new Set([
        `PATCH /v1/${memory.replace(SHOWCASE_PROJECT, cloud.names.numberOf(SHOWCASE_PROJECT))}`,
        `POST /v1/projects/${SHOWCASE_PROJECT}/topics/alerts:publish`,
      ]),
    );
  });

  test('after a crash between telling and remembering tells the same again under the same ids', async () => {
    await run();
    await heard();
    made(`AI${'za'}${'n'.repeat(35)}`);
    await cloud.control('POST faults', { match: { service: 'secretmanager', method: 'PATCH' }, status: 403 });
    expect((await run()).status).toBe(500);
    const first = await heard();
    await worker.end();
    worker = await functionProcess('inventory', environment);
    await cloud.control('POST clock', EIGHT_HOURS);
    await run();
    expect((await heard()).map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect((await run()).json).toMatchObject({ news: 0 });
  });

  test('two calls at once tell the same events', async () => {
    await run();
    await heard();
    made(`AI${'za'}${'n'.repeat(35)}`);
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set((await heard()).map(({ id }) => id)).size).toBe(2);
    expect((await run()).json).toMatchObject({ news: 0 });
  });

  test('says what it could not look at, once, and takes nothing for ended', async () => {
    await run();
    await heard();
    await cloud.control('POST faults', { match: { service: 'apikeys' }, times: 1, status: 403 });
    expect((await run()).json).toMatchObject({ news: 1, ended: 0, gaps: 1 });
    expect(await heard()).toMatchObject([
      { detail: { kind: 'not_listed' }, next: `key-warden inventory --project ${SHOWCASE_PROJECT}` },
    ]);
    expect(linesWith('not looked at: project')).toHaveLength(1);
    expect((await run()).json).toMatchObject({ news: 0, ended: 1, gaps: 0 });
    expect(await heard()).toEqual([]);
  });

  test('tells a memory that it does not understand, and one that is not there is an error', async () => {
    const annotations = { [ANNOTATION]: '{"v":2}' };
    await cloud.ask('PATCH', `/v1/${memory}?updateMask=annotations`, { body: { annotations } });
    expect((await run()).json).toMatchObject({ memory: 'unreadable', messages: 1 });
    expect(await heard()).toMatchObject([{ detail: { because: 'unreadable', count: 2 } }]);
    expect(linesWith('has an annotation that is not understood')).toHaveLength(1);
    expect(await remembered()).toBe('{"v":2}');
    await cloud.ask('DELETE', `/v1/${memory}`);
    expect((await run()).status).toBe(404);
    expect(await heard()).toEqual([]);
  });

  test('only says what it would tell where it is asked for no more, and takes no other body', async () => {
    expect((await run('{"dryRun":true}')).json).toMatchObject({ dryRun: true, messages: 1 });
    expect([await heard(), await remembered()]).toEqual([[], undefined]);
    expect(linesWith('"inventory":{')).toEqual([]);
    for (const body of ['[]', '{"secrets":[]}', '{"dryRun":1}'])
      expect(await run(body)).toMatchObject({
        status: 400,
        text: expect.stringContaining('the body must be empty, or an object with dryRun, true or false'),
      });
  });
});
