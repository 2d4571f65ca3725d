import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { freePort } from '../../bench/children.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, showcaseEnvironment, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { tracesOf } from '../support/key-traces.ts';
import { pretendCloud } from '../support/cloud.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const FRAMEWORK = at('node_modules/@google-cloud/functions-framework/build/src/main.js');
const STANDARD = 'AI' + 'zaSy' + 'Canary7NeverShownAnywhere4Q9zKx2L';
const AUTH = 'A' + 'Q.' + 'Canary8NeverShownEither5W1vRt6M3nBq7Yd0Hs2Jf';
const FROM_SHELL = 'AI' + 'zaSy' + 'Shell6OnlyInTheEnvironment3Pq8Uw1';
const SECRETS = { plain: STANDARD, env: `GEMINI_API_KEY="${AUTH}"\n` };
const secretOf = (id: string) => `projects/${SHOWCASE_PROJECT}/secrets/${id}`;
const ALERTS = `projects/${SHOWCASE_PROJECT}/topics/alerts`;

/** What left any process, by the place where it was seen. */
const left = new Map<string, string>();
const leave = (place: string, what: string) => left.set(place, (left.get(place) ?? '') + what);

let cloud: PretendCloud;
let environment: NodeJS.ProcessEnv;
let reports: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  reports = mkdtempSync(join(tmpdir(), 'reports-'));
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  const project = cloud.names.numberOf(SHOWCASE_PROJECT);
  cloud.keyring.put(STANDARD, 'works', { project, kind: 'standard' }, cloud.clock.now());
  cloud.keyring.put(AUTH, 'works', { project, kind: 'auth' }, cloud.clock.now());
  for (const [secretId, payload] of Object.entries(SECRETS))
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId,
      payloads: [payload],
      labels: { 'key-warden': 'managed' },
    });
  environment = {
    ...process.env,
    ...showcaseEnvironment(cloud),
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_HOST: '127.0.0.1',
    // As in a person's shell, where the key of an application may stand.
    GEMINI_API_KEY: FROM_SHELL,
    NODE_OPTIONS: `--report-on-fatalerror --report-uncaught-exception --report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`,
  };
  await ask('PUT', `projects/${SHOWCASE_PROJECT}/subscriptions/all`, { topic: ALERTS });
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await cloud.close();
  rmSync(reports, { recursive: true });
});

async function ask(method: string, path: string, body: object): Promise<string> {
  const headers = { authorization: 'Bearer a', 'content-type': 'application/json' };
  const answer = await fetch(`${cloud.url}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return await answer.text();
}

/** Resolves when something is so; it may take as long as the machine wants. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((soon) => setTimeout(soon, 20));
}

interface Running {
  /** Sends and keeps what was answered, headers too. */
  send(body: string | undefined, query?: string, path?: string): Promise<number>;
  /** Has Node write a report of the process as it is. */
  report(): Promise<void>;
  /** Ends it as the platform does, and keeps what it printed. */
  end(): Promise<void>;
}

/** One function as a process with streams of its own. */
async function begun(name: string, words: readonly string[], target?: string): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, words, {
    env: { ...environment, PORT: String(port), ...(target === undefined ? {} : { FUNCTION_TARGET: target }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += String(chunk)));
  const errors = text(child.stderr);
  const ended = once(child, 'exit');
  await Promise.race([until(() => printed.includes('URL:')), ended]);
  return {
    async send(body, query = '', path = '') {
      const answer = await fetch(`http://127.0.0.1:${port}/${path}${query}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
      leave(`${name} answers`, `${inspect([...answer.headers])}${await answer.text()}\n`);
      return answer.status;
    },
    async report() {
      const before = readdirSync(reports).length;
      child.kill('SIGUSR2');
      await until(() => readdirSync(reports).length > before);
    },
    async end() {
      child.kill('SIGTERM');
      await ended;
      leave(`${name} stdout`, printed);
      leave(`${name} stderr`, await errors);
    },
  };
}

const started = (target: string) => begun(target, [FRAMEWORK, `--source=${at('src/functions.ts')}`], target);

/** A message as Pub/Sub pushes it. */
const pushed = (data: string, attributes: object = {}) =>
  JSON.stringify({
    message: { messageId: '1', attributes, data: Buffer.from(data).toString('base64') },
    subscription: 's',
  });

const KEYS = [STANDARD, AUTH, FROM_SHELL];

describe('I9: no byte of a key leaves a function that runs as a process', () => {
  test('that checks, also when it is sent keys', async () => {
    const check = await started('healthCheck');
    expect(await check.send('{"deep":"always"}')).toBe(200);
    for (const key of KEYS)
      for (const body of [key, `{"deep":"${key}"}`, `{"${key}":1}`, `{"deep":${key}`])
        expect(await check.send(body)).toBe(400);
    await check.send('{}', `?key=${STANDARD}`);
    await check.report();
    await check.end();
  });

  test('that rotates, for a reason that holds a key, and when Google echoes one', async () => {
    const rotate = await started('rotate');
    for (const [id, key] of [
      ['plain', STANDARD],
      ['env', AUTH],
    ] as const) {
      expect(await rotate.send(JSON.stringify({ secret: secretOf(id), reason: `leaked ${key}` }))).toBe(202);
      expect(await rotate.send(undefined, `?secret=${secretOf(id)}`)).toBe(200);
      await rotate.send(undefined, `?secret=${key}`);
      expect(await rotate.send(JSON.stringify({ secret: secretOf(id), requestId: key }))).toBe(400);
      expect(await rotate.send(`{"secret":"${key}","mode":${key}`)).toBe(400);
    }
    cloud.faults.plant({ service: 'secretmanager', method: 'GET' }, 9, {
      act: 'answer',
      reply: {
        status: 400,
        body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: `what about ${STANDARD}` } },
      },
    });
    await rotate.send(JSON.stringify({ secret: secretOf('search-app') }));
    cloud.faults.clear();
    await rotate.report();
    await rotate.end();
  });

  test('that drives and purges', async () => {
    for (const target of ['reconcile', 'purge']) {
      const worker = await started(target);
      await worker.send('');
      await worker.send(`{"dryRun":"${STANDARD}"}`);
      await worker.send(AUTH);
      await worker.report();
      await worker.end();
    }
  });

  test('that gets events, of its own form and of none', async () => {
    for (const target of ['notify', 'onSecretEvent']) {
      const worker = await started(target);
      const path = ALERTS;
      expect(await worker.send(pushed(JSON.stringify({ type: STANDARD, data: AUTH })), '', path)).toBe(204);
      await worker.send(pushed(STANDARD, { channel: AUTH, eventType: AUTH, secretId: secretOf(STANDARD) }), '', path);
      await worker.send(`{"message":{"data":"${AUTH}"`, '', path);
      await worker.report();
      await worker.end();
    }
  });

  test('that `npm start` began', async () => {
    const worker = await begun('npm start', [at('src/serve.ts'), 'healthCheck']);
    expect(await worker.send(`{"deep":"${AUTH}"}`)).toBe(400);
    await worker.end();
  });

  test.each([
    ['a silence', ['silence', '--secret', 'plain', '--until', '1h', '--owner', STANDARD, '--reason', `about ${AUTH}`]],
    ['a rotation', ['rotate', '--secret', 'search-app', '--reason', `leaked ${STANDARD}`]],
    ['a secret of that name', ['rotate', '--secret', STANDARD]],
    ['doctor', ['doctor', '--secret', 'env']],
    ['status', ['status', '--json']],
    ['a mistake', ['check', '--nonsense', AUTH]],
  ])('nor by the command line: %s', async (_about, words) => {
    const child = spawn(process.execPath, [at('src/bin.js'), ...words], {
      env: { ...environment, USER: AUTH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    leave(`${words[0]} stdout`, out);
    leave(`${words[0]} stderr`, err);
  });

  test('on any stream, in an answer, a message, an annotation, an address or a file', async () => {
    leave('messages', await ask('POST', `projects/${SHOWCASE_PROJECT}/subscriptions/all:pull`, { maxMessages: 1000 }));
    const { receivedMessages = [] } = JSON.parse(left.get('messages') ?? '{}') as {
      receivedMessages?: readonly { message: { data?: string } }[];
    };
    for (const { message } of receivedMessages)
      leave('messages, read', Buffer.from(message.data ?? '', 'base64').toString());
    leave('annotations', inspect(cloud.secrets.snapshot(), { depth: 20, maxArrayLength: null, maxStringLength: null }));
    leave('addresses', inspect(cloud.requests(), { depth: 20, maxArrayLength: null, maxStringLength: null }));
    for (const file of readdirSync(reports)) leave(`report ${file}`, readFileSync(join(reports, file), 'utf8'));
    expect([...left.keys()].filter((place) => place.startsWith('report')).length).toBeGreaterThanOrEqual(6);
    expect(left.get('messages, read')).toContain('rotation.opened');
    expect(left.get('annotations')).toContain('key-warden.rotation');
    const keys = [...KEYS, ...cloud.keyring.all().map(({ keyString }) => keyString)];
    expect(keys.length).toBeGreaterThan(8);
    expect(tracesOf(keys, left)).toEqual([]);
  });
});

describe('planted: a key would be found', () => {
  test.each([
    ['plain', STANDARD],
    ['in base64', Buffer.from(`a${STANDARD}`).toString('base64')],
    ['in base64, one further', Buffer.from(`ab${STANDARD}`).toString('base64')],
    ['in base64 for addresses', Buffer.from(`abc${STANDARD}z`).toString('base64url')],
    ['escaped for an address', [...STANDARD].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')],
    ['cut in front', STANDARD.slice(12)],
    ['cut behind', STANDARD.slice(0, 22)],
    ['broken over two lines', `${STANDARD.slice(0, 15)}\n${STANDARD.slice(15)}`],
    ['in small letters', STANDARD.toLowerCase()],
  ])('%s', (_form, leaked) => {
    expect(tracesOf([STANDARD], new Map([['here', `before ${leaked} behind`]]))).toHaveLength(1);
  });

  test('in a report that Node writes of a process which did not exclude its environment', () => {
    const { stdout } = spawnSync(process.execPath, ['-p', 'JSON.stringify(process.report.getReport())'], {
      env: { PATH: process.env['PATH'], GEMINI_API_KEY: FROM_SHELL },
      encoding: 'utf8',
    });
    expect(tracesOf([FROM_SHELL], new Map([['report', stdout]]))).toHaveLength(1);
  });
});
