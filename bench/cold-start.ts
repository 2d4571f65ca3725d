/**
 * Spawn to first 200 of the deployed `healthCheck`, as `npm run build` makes it, as a ratio to the floor: a bare
 * functions-framework function that makes one access. In turns, against a pretend cloud in another process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, startCloudProcess, verdictLine } from './children.ts';
import { BENCH_PROJECT, secretIdOf } from './names.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const POLL_MS = 2;
const START_MS_MAX = 30_000;
const PORT = 18_080;
const FRAMEWORK = pathOf('../node_modules/@google-cloud/functions-framework/build/src/main.js');

interface Start {
  readonly target: string;
  readonly source: string;
  readonly environment: Readonly<Record<string, string>>;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** Milliseconds from spawning a functions-framework process to its first 200. */
async function firstAnswerMs({ target, source, environment }: Start): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [FRAMEWORK, `--target=${target}`, `--source=${source}`], {
    env: { ...process.env, ...environment, PORT: String(PORT), NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(child, 'exit');
  let status = await statusOrRefused();
  while (status === undefined && child.exitCode === null && performance.now() - start < START_MS_MAX) {
    await delay(POLL_MS);
    status = await statusOrRefused();
  }
  const elapsed = performance.now() - start;
  child.kill();
  await gone;
  if (status !== 200) throw new Error(`${target} answered ${status ?? 'nothing'}`);
  return elapsed;
}

/** `undefined` while nobody listens yet. */
function statusOrRefused(): Promise<number | undefined> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port: PORT, method: 'POST', agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    })
      .once('error', () => resolve(undefined))
      .end();
  });
}

const { child: cloud, url } = await startCloudProcess(1);
const floor: Start = {
  target: 'floor',
  source: pathOf('floor-function.cjs'),
  environment: {
    BENCH_CLOUD: url,
    BENCH_VERSION: `projects/${BENCH_PROJECT}/secrets/${secretIdOf(0)}/versions/current`,
  },
};
const ours: Start = {
  target: 'healthCheck',
  source: process.argv[3] ?? pathOf('../dist'),
  environment: {
    KEY_WARDEN_EMULATOR: url,
    KEY_WARDEN_PROJECTS: BENCH_PROJECT,
    KEY_WARDEN_VERIFY_CALLERS: 'off',
  },
};
const measured = { floor: new Array<number>(), ours: new Array<number>() };
await firstAnswerMs(floor);
await firstAnswerMs(ours);
for (let round = 0; round < ROUNDS; round += 1) {
  measured.floor.push(await firstAnswerMs(floor));
  measured.ours.push(await firstAnswerMs(ours));
}
cloud.kill();
const [least, got] = [median(measured.floor), median(measured.ours)];
process.stdout.write(
  `spawn to first 200 of healthCheck: ${got.toFixed(0)} ms, floor ${least.toFixed(0)} ms (${ROUNDS} rounds)\n`,
);
process.stdout.write(`${verdictLine('spawn to first 200 against the floor', got / least, { atMost: 1.25 })}\n`);
