import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseRecord } from '../../src/core/values/json.ts';
import { lastOf, stagesOf, wordsOf, type Instruction } from './dockerfile.ts';

/** No image can be built without a daemon: what the instructions do is done in a folder for each stage, with this Node. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder: string;
let stages: ReadonlyMap<string, readonly Instruction[]>;
let last: readonly Instruction[];

/** Whether `.dockerignore` keeps a file of the repository out of the build. */
async function ignored(): Promise<(name: string) => boolean> {
  const patterns = (await readFile(join(root, '.dockerignore'), 'utf8')).trim().split('\n');
  return (name) =>
    patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name));
}

async function copied(rest: string, stage: string, here: string): Promise<void> {
  const [, from] = /^--from=(\S+)/.exec(rest) ?? [];
  const words = rest.split(' ').filter((word) => !word.startsWith('--'));
  const [target = '', sources] = [words.at(-1), words.slice(0, -1)];
  const source = from === undefined ? root : join(folder, from);
  const to = resolve(join(folder, stage), `.${resolve(here, target)}`);
  const isLeftOut = await ignored();
  for (const name of sources) {
    const every = name === '.' ? await readdir(source) : [name];
    for (const one of every.filter((file) => from !== undefined || !isLeftOut(file)))
      await cp(join(source, one), target.startsWith('/') ? to : join(to, basename(one)), { recursive: true });
  }
}

/** What a RUN does. There is no registry in a test: an install is what is installed here, by the same lock file. */
async function ran(command: string, stage: string, here: string): Promise<void> {
  const cwd = join(folder, stage, here);
  if (command.startsWith('npm ci ')) {
    expect(await readFile(join(cwd, 'package-lock.json'), 'utf8')).toBe(
      await readFile(join(root, 'package-lock.json'), 'utf8'),
    );
    await symlink(join(root, 'node_modules'), join(cwd, 'node_modules'));
    return;
  }
  const [program = '', ...words] = command
    .split(' ')
    .map((word) => (word.startsWith('/') ? join(folder, stage, word) : word));
  await run(program === 'node' ? process.execPath : program, words, { cwd });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-warden-image-'));
  stages = stagesOf(await readFile(join(root, 'Dockerfile'), 'utf8'));
  last = [...stages.values()].at(-1) ?? [];
  for (const [stage, instructions] of stages) {
    let here = '/';
    for (const { word, rest } of instructions) {
      if (word === 'WORKDIR') here = rest;
      await mkdir(join(folder, stage, here), { recursive: true });
      if (word === 'COPY') await copied(rest, stage, here);
      if (word === 'RUN') await ran(rest, stage, here);
    }
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('what the instructions make is the command, which runs where it was put', async () => {
  const [node, script = '', ...more] = wordsOf(lastOf(last, 'ENTRYPOINT'));
  expect([node, more]).toEqual(['node', []]);
  const installed = join(folder, String([...stages.keys()].at(-1)), script);
  const { version } = parseRecord(await readFile(join(root, 'package.json'), 'utf8')) ?? {};
  const asked = async (...words: readonly string[]) => (await run(process.execPath, [installed, ...words])).stdout;
  expect(await asked('--version')).toBe(`${String(version)}\n`);
  expect(await asked(...wordsOf(lastOf(last, 'CMD')))).toContain('Usage: key-warden');
  expect(await asked('explain', '--json', '401 API key invalid')).toContain('"cause"');
});

test('the image holds the package and no source, library or tool of ours', async () => {
  expect(last.filter(({ word }) => ['COPY', 'RUN', 'ADD'].includes(word))).toHaveLength(1);
  const files = await readdir(join(folder, String([...stages.keys()].at(-1))), { recursive: true });
  expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('emulator.d.ts'))).toEqual([]);
  expect(files.filter((name) => name.includes('node_modules'))).toEqual([]);
  expect(files.filter((name) => name.endsWith('THIRD-PARTY-LICENSES.txt'))).toHaveLength(1);
});

test('nothing runs as root, or in an image that is another one tomorrow', async () => {
  expect(lastOf(last, 'USER')).toBe('node');
  const versions = [...stages.values()].map((stage) => lastOf(stage, 'FROM')?.split(' ')[0]);
  expect(new Set(versions).size).toBe(1);
  const builds = await readFile(join(root, 'cloudbuild.yaml'), 'utf8');
  const [, version] = /name: (node:\d+\.\d+\.\d+)-/.exec(builds) ?? [];
  expect(versions[0]).toMatch(new RegExp(`^${version}-`));
});

test('the build sees nothing that git ignores, and no history', async () => {
  const patterns = (await readFile(join(root, '.dockerignore'), 'utf8')).trim().split('\n');
  const ofGit = (await readFile(join(root, '.gitignore'), 'utf8')).trim().split('\n');
  expect(patterns).toEqual(
    expect.arrayContaining([
      '.git',
      ...ofGit.map((line) => line.replace(/\/$/, '')).filter((line) => !line.includes('/')),
    ]),
  );
});

test('a line that is no instruction is not passed over', () => {
  expect(() => stagesOf('FROM node:24\nrun me\n')).toThrow('not an instruction: run me');
});
