import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseRecord } from '../../src/core/values/json.ts';

/** What docs/reference/install.md says about git, from a bare repository; `npm ci` alone is left out, for there is no registry here. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder: string;
let clone: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-warden-git-'));
  clone = join(folder, 'key-warden');
  const git = (...words: readonly string[]) => run('git', ['-c', 'safe.directory=*', ...words]);
  await git('clone', '--quiet', '--bare', root, join(folder, 'bare.git'));
  await git('clone', '--quiet', `file://${join(folder, 'bare.git')}`, clone);
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the package that a clone makes is installed without a script, and runs', async () => {
  await run(process.execPath, ['build/build-command.ts'], { cwd: clone });
  const { stdout } = await run('npm', ['pack', '--silent', './out/command'], { cwd: clone });
  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"private":true}');
  const words = ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', join(clone, stdout.trim())];
  await run('npm', words, { cwd: app });
  const { version } = parseRecord(await readFile(join(clone, 'package.json'), 'utf8')) ?? {};
  expect(stdout.trim()).toBe(`gemini-key-warden-${String(version)}.tgz`);
  const asked = await run(process.execPath, [join(app, 'node_modules/.bin/key-warden'), '--version'], { cwd: app });
  expect(asked.stdout).toBe(`${String(version)}\n`);
});

test('what `npm install git+…` installs, the sources alone, says in a word why it does not run', async () => {
  const installed = join(folder, 'theirs/node_modules');
  await mkdir(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: clone,
  });
  await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', installed]);
  const ended = await run(process.execPath, [join(installed, 'package/src/bin.js'), '--version']).catch(
    (failure: unknown) => failure,
  );
  expect(ended).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/^key-warden was installed from its sources/),
  });
});
