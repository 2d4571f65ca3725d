import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../bench/children.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, showcaseEnvironment, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';

const FRAMEWORK = fileURLToPath(
  new URL('../../node_modules/@google-cloud/functions-framework/build/src/main.js', import.meta.url),
);
const SOURCE = fileURLToPath(new URL('../../src/functions.ts', import.meta.url));
const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;

const CHAT = `projects/${SHOWCASE_PROJECT}/secrets/chat-app`;

let cloud: PretendCloud;
let environment: Readonly<Record<string, string>>;
let child: ChildProcess | undefined;

beforeAll(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  environment = showcaseEnvironment(cloud);
});
afterEach(() => void child?.kill('SIGKILL'));
afterAll(() => cloud.close());

/** A function as the platform runs it, once it listens. */
async function started(target: string) {
  const port = await freePort();
  const worker = spawn(process.execPath, [FRAMEWORK, `--target=${target}`, `--source=${SOURCE}`], {
    env: {
      ...process.env,
      ...environment,
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`,
      KEY_WARDEN_HOST: '127.0.0.1',
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = worker;
  const printed = { err: text(worker.stderr), lines: [] as string[] };
  const listens = Promise.withResolvers<void>();
  worker.stdout.on('data', (chunk: Buffer) => {
    printed.lines.push(String(chunk));
    if (printed.lines.join('').includes('URL:')) listens.resolve();
  });
  const ended = once(worker, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([listens.promise, ended]);
  return { url: `http://127.0.0.1:${port}/`, process: worker, ended, printed };
}

/** Resolves at the first request to the pretend cloud that matches. */
async function asked(form: RegExp): Promise<void> {
  while (!cloud.requests().some(({ method, path }) => form.test(`${method} ${path}`)))
    await new Promise((soon) => setTimeout(soon, 5));
}

test('at SIGTERM the act in hand is finished, committed and answered, nothing new is begun, and no lease is left', async () => {
  const { url, process: worker, ended, printed } = await started('rotate');
  // Long enough for a busy machine to pass the signal on meanwhile, and well within the time that an act is given.
  cloud.faults.plant({ path: '/keys', method: 'POST' }, 1, { act: 'delay', delayMs: 4_000 });
  const call = fetch(url, { method: 'POST', body: JSON.stringify({ secret: SEARCH }) });
  await asked(/^POST .*\/keys/);
  worker.kill('SIGTERM');
  const answer = await call;
  expect(answer.status).toBe(202);
  const told = (await answer.json()) as { readonly rotation: { readonly phase: string }; readonly why: string };
  expect(told).toMatchObject({ rotation: { phase: 'minted' }, why: expect.stringContaining('asked to end') });
  expect(await ended).toEqual([0, null]);
  const secret = JSON.stringify(cloud.secrets.snapshot());
  expect(secret).toMatch(/phase\W+minted/);
  expect(secret).not.toMatch(/\blease\b/);
  expect(printed.lines.join('')).toContain('asked to end: nothing new is begun');
  expect(await printed.err).toBe('');
});

test('an idle function ends at once', async () => {
  const { process: worker, ended } = await started('healthCheck');
  worker.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});

test('a local function has the pretend cloud’s time, also when that is moved', async () => {
  const rotator = await started('rotate');
  const begun = await fetch(rotator.url, { method: 'POST', body: JSON.stringify({ secret: CHAT }) });
  expect(await begun.json()).toMatchObject({ rotation: { phase: 'promoted' } });
  rotator.process.kill('SIGKILL');
  const { url } = await started('reconcile');
  const standing = async () => {
    await fetch(url, { method: 'POST' });
    return /phase\W+(\w+)/.exec(JSON.stringify(cloud.secrets.snapshot()))?.[1];
  };
  expect(await standing()).toBe('promoted');
  await cloud.advance(3 * 24 * 3_600_000);
  expect(await standing()).toBeUndefined(); // at rest
  expect(JSON.stringify(cloud.secrets.snapshot())).toContain('DISABLED');
});
