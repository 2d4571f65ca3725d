import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { freePort } from '../../bench/children.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { strayInputs } from '../../build/bundle.ts';
import { isRecord, parseRecord, type JsonRecord } from '../../src/core/values/json.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let cloud: PretendCloud;
let deployed: ChildProcess | undefined;

async function recordIn(file: string): Promise<JsonRecord> {
  const record = parseRecord(await readFile(join(folder, file), 'utf8'));
  if (record === undefined) throw new TypeError(`${file} does not hold a JSON object`);
  return record;
}

/** What `npm ci` does, without the network. */
async function installLocked(): Promise<readonly string[]> {
  const { packages } = await recordIn('package-lock.json');
  const paths = Object.keys(isRecord(packages) ? packages : {}).filter((path) => path !== '');
  for (const path of paths) await cp(join(root, path), join(folder, path), { recursive: true });
  return paths;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  cloud = await pretendCloud();
  setUpShowcase(cloud);
  await promisify(execFile)(process.execPath, [join(root, 'build/build.ts'), folder]);
});

afterAll(async () => {
  deployed?.kill();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

test('what is deployed starts with its locked packages alone, and checks keys', async () => {
  const paths = await installLocked();
  expect(paths).toContain('node_modules/@google-cloud/functions-framework');
  expect(paths).not.toContain('node_modules/@google-cloud/secret-manager');
  const port = await freePort();
  const child = spawn(process.execPath, ['node_modules/@google-cloud/functions-framework/build/src/main.js'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      FUNCTION_TARGET: 'healthCheck',
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_VERIFY_CALLERS: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  deployed = child;
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('URL:')) break;
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ schema: 'key-warden/report/v1', problems: [] });
});

test('the deployed package needs the framework and nothing else, and names the file to load', async () => {
  expect(await recordIn('package.json')).toMatchObject({
    main: 'functions.cjs',
    type: 'commonjs',
    dependencies: { '@google-cloud/functions-framework': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
  });
  expect(await readFile(join(folder, 'functions.cjs'), 'utf8')).not.toMatch(/^\/\/ src\/(?:emulator|cli)\//m);
});

test('a stray import of the emulator, the command line, tests or benches is found', () => {
  const stray = [
    'src/emulator/server/server.ts',
    'src/cli/main.ts',
    'src/serve.ts',
    'test/a.ts',
    'bench/b.ts',
    'build/c.ts',
  ];
  expect(strayInputs(['src/functions.ts', 'src/core/values/time.ts', ...stray])).toEqual(stray);
});
