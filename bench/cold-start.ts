/**
 * Spawn to first 200 of the deployed `healthCheck`, as `npm run build` makes it, as a ratio to the floor: a bare
 * functions-framework function that makes one access. In turns, against a pretend cloud in another process. Run with
 * `node bench/cold-start.ts [rounds] [source]`; `src/functions.ts` as the source shows what bundling brings.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, median, startCloudProcess, verdictLine } from './children.ts';
import { BENCH_PROJECT, secretIdOf } from './names.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const POLL_MS = 2;
const START_MS_MAX = 30_000;
const FRAMEWORK = pathOf('../node_modules/@google-cloud/functions-framework/build/src/main.js');

interface Start {
  readonly target: string;
  readonly source: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the answer must hold: a 200 alone could be the wrong one. */
  readonly proof: RegExp;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** Milliseconds from spawning a functions-framework process to its first 200. */
async function firstAnswerMs({ target, source, environment, proof }: Start): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, [FRAMEWORK, `--target=${target}`, `--source=${source}`], {
    env: { ...process.env, ...environment, PORT: String(port), NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(child, 'exit');
  let answer = await answerOrRefused(port);
  while (answer === undefined && child.exitCode === null && performance.now() - start < START_MS_MAX) {
    await delay(POLL_MS);
    answer = await answerOrRefused(port);
  }
  const elapsed = performance.now() - start;
  child.kill();
  await gone;
  if (answer?.status !== 200 || !proof.test(answer.body)) throw new Error(`${target} did not do its work`);
  return elapsed;
}

interface FirstAnswer {
  readonly status: number | undefined;
  readonly body: string;
}

/** `undefined` while nobody listens yet. */
function answerOrRefused(port: number): Promise<FirstAnswer | undefined> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, method: 'POST', agent: false }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode, body }));
    })
      .once('error', () => resolve(undefined))
      .end();
  });
}

await promisify(execFile)(process.execPath, [pathOf('../build/build.ts')]);
const { child: cloud, url } = await startCloudProcess(1);
const floor: Start = {
  target: 'floor',
  source: pathOf('floor-function.cjs'),
  environment: {
    BENCH_CLOUD: url,
    BENCH_VERSION: `projects/${BENCH_PROJECT}/secrets/${secretIdOf(0)}/versions/current`,
  },
  proof: /^$/,
};
const ours: Start = {
  target: 'healthCheck',
  source: process.argv[3] ?? pathOf('../dist'),
  environment: {
    KEY_WARDEN_EMULATOR: url,
    KEY_WARDEN_PROJECTS: BENCH_PROJECT,
    KEY_WARDEN_VERIFY_CALLERS: 'off',
  },
  proof: /"works":1/,
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
