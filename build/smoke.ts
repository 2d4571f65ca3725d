/**
 * `node build/smoke.ts [folder]`: installs what was built with its own lock file, starts every function of it as the
 * platform does, and calls the check against a pretend cloud. A missing entry point fails here and not in a deployment.
 */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../bench/children.ts';
import { startPretendCloud } from '../src/emulator/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../src/emulator/showcase.ts';

const FUNCTIONS = ['healthCheck', 'rotate', 'reconcile', 'purge', 'onSecretEvent'] as const;
const START_MS_MAX = 20_000;

const folder = await mkdtemp(join(tmpdir(), 'smoke-'));
const cloud = await startPretendCloud();
try {
  setUpShowcase(cloud);
  await cp(resolve(process.argv[2] ?? 'dist'), folder, { recursive: true });
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: folder });
  for (const name of FUNCTIONS) process.stdout.write(`${name}: ${await started(name)}\n`);
} finally {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
}

/** Starts one function, calls it where it is the check, and says what happened; rejects when it does not start or answer. */
async function started(name: (typeof FUNCTIONS)[number]): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, ['node_modules/@google-cloud/functions-framework/build/src/main.js'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      FUNCTION_TARGET: name,
      ...(name === 'onSecretEvent' ? { FUNCTION_SIGNATURE_TYPE: 'cloudevent' } : {}),
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_VERIFY_CALLERS: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: START_MS_MAX,
  });
  try {
    const seen: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('URL:')) return name === 'healthCheck' ? await answer(port) : 'starts';
      seen.push(line);
    }
    throw new Error(`${name} did not start:\n${seen.join('\n')}`);
  } finally {
    child.kill();
  }
}

async function answer(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' });
  const text = await response.text();
  if (response.status !== 200 || !text.includes('"schema":"key-warden/report/v1"'))
    throw new Error(`the check answered ${response.status}: ${text.slice(0, 500)}`);
  return 'starts, and answers a report';
}
