import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { startPretendCloud as Published } from '../../build/emulator.d.ts';
import { noticeOf } from '../../build/command.ts';
import { sectionsOf, type Section } from '../../src/cli/show/runbook-sections.ts';
import { NOTICE_TYPES } from '../../src/core/alerts/notice.ts';
import { CAUSES } from '../../src/core/causes/causes.ts';
import { eventFor } from '../support/notices.ts';
import type { startPretendCloud as Bundled } from '../../src/emulator/server/server.ts';
import { parseRecord } from '../../src/core/values/json.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Debian’s, where it is there and too old. */
const OLD_NODE = '/usr/bin/node';
/** The types that are published hold for the code that is bundled, or this does not compile. */
const HOLDS: typeof Bundled extends typeof Published ? true : never = true;

let folder: string;
let app: string;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the installed command in an empty folder, as npx would. */
async function command(words: readonly string[], node = process.execPath): Promise<Ended> {
  const script = join(app, 'node_modules/gemini-key-warden/bin.js');
  const environment = { PATH: process.env['PATH'], HOME: folder, KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0' };
  return ran(node, [script, ...words], environment);
}

async function ran(file: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, [...words], { cwd: app, env }, (failure, out, err) => {
      const code = failure === null ? 0 : Number(failure.code);
      resolve({ code, out, err });
    });
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-warden-package-'));
  app = join(folder, 'app');
  await mkdir(app);
  await promisify(execFile)(process.execPath, [join(root, 'build/build-command.ts'), join(folder, 'command')]);
  const npm = promisify(execFile);
  await npm('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(folder, 'command') });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await writeFile(join(app, 'package.json'), '{"private":true,"type":"module"}');
  await npm('npm', ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', join(folder, tarball)], {
    cwd: app,
  });
});

afterAll(() => rm(folder, { recursive: true }));

test('the package needs no other one, runs no script, and holds no source', async () => {
  expect(await readdir(join(app, 'node_modules'))).toEqual(expect.arrayContaining(['gemini-key-warden']));
  expect((await readdir(join(app, 'node_modules'))).filter((name) => !name.startsWith('.'))).toHaveLength(1);
  const installed = join(app, 'node_modules/gemini-key-warden');
  const manifest = parseRecord(await readFile(join(installed, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('scripts');
  expect(manifest).not.toHaveProperty('dependencies');
  const files = await readdir(installed, { recursive: true });
  expect(files.filter((name) => name.endsWith('.ts'))).toEqual(['emulator.d.ts']);
  expect(files).toContain('LICENSE');
});

test('the licence of every library that is bundled goes along', async () => {
  const notices = await readFile(join(app, 'node_modules/gemini-key-warden/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const library of ['commander', '@google-cloud/secret-manager', 'google-gax', '@grpc/grpc-js'])
    expect(notices).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  const unlicensed = await mkdtemp(join(folder, 'unlicensed-'));
  await writeFile(join(unlicensed, 'package.json'), '{"name":"x"}');
  await expect(noticeOf(unlicensed)).rejects.toThrow('names no licence');
});

test('it says its version, and every command has its help', async () => {
  const { version } = parseRecord(await readFile(join(root, 'package.json'), 'utf8')) ?? {};
  expect(await command(['--version'])).toMatchObject({ code: 0, out: `${String(version)}\n` });
  const { out } = await command(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name = '']) => name);
  expect(commands.length).toBeGreaterThan(12);
  for (const name of commands) expect(await command([name, '--help'])).toMatchObject({ code: 0, err: '' });
});

test('explain, a drill and the demo run without a cloud', async () => {
  const leak = await command(['explain', '--json', 'Your API key was reported as leaked. Please use another API key.']);
  expect(parseRecord(leak.out)).toMatchObject({ cause: 'key_leaked' });
  expect(await command(['drill', 'rollback'])).toMatchObject({ code: 0, err: '' });
  expect((await command(['demo'])).code).toBe(0);
});

test('the runbook is inside, with the section of every cause, of every alert and of every alarm', async () => {
  const whole = await readFile(join(root, 'docs/runbook.md'), 'utf8');
  const { out, code } = await command(['runbook', '--json']);
  const { sections } = JSON.parse(out) as { readonly sections: readonly Section[] };
  expect([code, sections]).toEqual([0, sectionsOf(whole)]);
  const linked = [
    ...Object.values(CAUSES).map((row) => row.runbook),
    ...NOTICE_TYPES.map((type) => eventFor(type).data.runbook.split('#')[1] ?? ''),
  ];
  const known = new Set(sections.map(({ anchor }) => anchor));
  expect(linked.filter((anchor) => !known.has(anchor))).toEqual([]);
  expect(await command(['runbook', 'a key is dead or blocked'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^A key is dead or blocked\n/),
  });
});

const waitFor = async (url: Promise<string>) => url;

describe('against its own pretend cloud', () => {
  test('every command about secrets runs, and the cloud speaks gRPC too', async () => {
    const script = join(app, 'node_modules/gemini-key-warden/bin.js');
    const cloud = spawn(process.execPath, [script, 'emulator', '--port', '0', '--grpc-port', '0'], { cwd: app });
    try {
      const lines = createInterface({ input: cloud.stdout });
      const url = await waitFor(new Promise((resolve) => lines.once('line', resolve)));
      const env = {
        PATH: process.env['PATH'],
        HOME: folder,
        KEY_WARDEN_EMULATOR: url,
        KEY_WARDEN_PROJECTS: 'demo-project',
      };
      const about = (...words: readonly string[]) => ran(process.execPath, [script, ...words], env);
      expect(await about('check', '--secret', 'search-app')).toMatchObject({ code: 0 });
      for (const words of [
        ['status'],
        ['doctor', '--secret', 'search-app'],
        ['init', '--secret', 'search-app', '--dry-run'],
        ['rotate', '--secret', 'search-app', '--dry-run'],
        ['rollback', '--secret', 'search-app'],
        ['resume', '--secret', 'search-app'],
        ['abort', '--secret', 'search-app'],
        ['purge', '--dry-run'],
        ['silence', '--secret', 'search-app'],
        ['alert', 'test'],
      ]) {
        const { code, err } = await about(...words);
        expect([words.join(' '), code > 5, /\n +at /.test(err)]).toEqual([words.join(' '), false, false]);
      }
    } finally {
      cloud.kill();
    }
  });

  test('a test of somebody else’s starts it from the package', async () => {
    const theirs = `
      import { startPretendCloud } from 'gemini-key-warden/emulator';
      const cloud = await startPretendCloud({ projects: { 'my-project': '123456789012' } });
      const { status } = await fetch(cloud.url + '/v1/projects/my-project/secrets');
      await cloud.close();
      console.log(status);`;
    await writeFile(join(app, 'theirs.js'), theirs);
    expect(await ran(process.execPath, [join(app, 'theirs.js')], {})).toEqual({ code: 0, err: '', out: '200\n' });
    expect(HOLDS).toBe(true);
  });
});

(existsSync(OLD_NODE) ? test : test.skip)('under a Node that is too old it says so, in a word', async () => {
  const { stdout } = await promisify(execFile)(OLD_NODE, ['--version']);
  if (Number(/^v(\d+)/.exec(stdout)?.[1]) >= 24) return;
  const told = await command(['--help'], OLD_NODE);
  expect(told).toEqual({ code: 4, out: '', err: `key-warden needs Node 24 or newer, and this is ${stdout.trim()}.\n` });
});
