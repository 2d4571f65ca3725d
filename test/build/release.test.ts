import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { released, versioned } from '../../build/changelog.ts';
import { isRecord, parseRecord } from '../../src/core/values/json.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RELEASE = join(root, 'build/release.ts');

const ADDRESSES = ['src/core/settings/runbook-address.ts', 'terraform/alerts.tf'];

let folder: string;

function git(...words: readonly string[]): string {
  return spawnSync('git', ['-C', folder, ...words], { encoding: 'utf8' }).stdout.trim();
}

function release(...words: readonly string[]) {
  const env = { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [RELEASE, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, GIT_COMMITTER_EMAIL: 'a@b' },
  });
  return { status, stdout, stderr };
}

async function written(file: string, text: string): Promise<void> {
  await writeFile(join(folder, file), text);
  git('commit', '--quiet', '--all', '--message', `${file} is another one`);
}

/** A repository with the files of this one that a release touches, and gates that open. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-warden-release-'));
  for (const file of ['package.json', 'package-lock.json', 'CHANGELOG.md', ...ADDRESSES])
    await cp(join(root, file), join(folder, file));
  await mkdir(join(folder, '.ci'));
  await writeFile(join(folder, '.ci/run'), '#!/bin/sh\necho all green\n');
  await chmod(join(folder, '.ci/run'), 0o755);
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'What there was before');
});
afterEach(() => rm(folder, { recursive: true }));

test('one command makes the commit and the tag, with the version everywhere', async () => {
  const { status, stdout } = release('7.1.0');
  expect([status, git('status', '--porcelain')]).toEqual([0, '']);
  expect(stdout).toContain('git push origin main v7.1.0');
  expect(git('log', '--format=%s', '-1')).toBe('Release 7.1.0');
  expect(git('rev-parse', 'v7.1.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
  const read = async (file: string) => parseRecord(await readFile(join(folder, file), 'utf8'));
  const [manifest, lock] = [await read('package.json'), await read('package-lock.json')];
  expect(manifest?.['version']).toBe('7.1.0');
  expect(lock?.['version']).toBe('7.1.0');
  const packages = lock?.['packages'];
  expect(isRecord(packages) ? packages[''] : undefined).toMatchObject({ version: '7.1.0' });
  expect(git('show', '--numstat', '--format=', 'HEAD').split('\n').toSorted()).toEqual([
    '1\t1\tpackage.json',
    ...ADDRESSES.map((file) => `1\t1\t${file}`),
    '2\t0\tCHANGELOG.md',
    '2\t2\tpackage-lock.json',
  ]);
  for (const file of ADDRESSES)
    expect(await readFile(join(folder, file), 'utf8')).toContain('/blob/v7.1.0/docs/runbook.md');
  expect(stdout).toContain('alerts link to /your-org/: put yours in package.json and ');
});

test('the first release may be of the version that is there, once', () => {
  const { version } = parseRecord(spawnSync('cat', [join(root, 'package.json')], { encoding: 'utf8' }).stdout) ?? {};
  expect(release(String(version)).status).toBe(0);
  expect(release(String(version)).stderr).toBe(`no release: v${String(version)} is tagged already\n`);
});

describe('there is none, and nothing is changed,', () => {
  const refused = (version: string, why: string) => {
    const before = git('rev-parse', 'HEAD');
    expect(release(version)).toMatchObject({ status: 1, stderr: expect.stringContaining(`no release: ${why}`) });
    expect([git('rev-parse', 'HEAD'), git('tag', '--list')]).toEqual([before, '']);
  };

  test.each([
    ['v1.0.0', 'give a version such as 1.2.3, not "v1.0.0"'],
    ['', 'give a version such as 1.2.3, not ""'],
    ['0.0.9', '0.0.9 is older than '],
  ])('of %p', refused);

  test('where something is not committed', async () => {
    await writeFile(join(folder, 'new.ts'), '');
    refused('7.1.0', 'there are changes that are not committed');
  });

  test('on another branch', () => {
    git('switch', '--quiet', '--create', 'mine');
    refused('7.1.0', 'mine is checked out, and releases are made of main');
  });

  test('where the gates are shut', async () => {
    await written('.ci/run', '#!/bin/sh\nexit 1\n');
    refused('7.1.0', '.ci/run is not green');
  });

  test('where there is nothing to tell', async () => {
    await written('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-29\n\n- All of it.\n');
    refused('7.1.0', 'CHANGELOG.md tells nothing below ## [Unreleased]');
    await written('CHANGELOG.md', '# Changelog\n');
    refused('7.1.0', 'CHANGELOG.md has no heading ## [Unreleased]');
  });
});

test('what was not released has a heading of its own, below an empty one for what comes', () => {
  expect(released('## [Unreleased]\n\n### Fixed\n\n- It.\n', '1.0.0', '2026-12-01')).toBe(
    '## [Unreleased]\n\n## [1.0.0] - 2026-12-01\n\n### Fixed\n\n- It.\n',
  );
});

test('no version but our own is touched', () => {
  const other = '{\n  "name": "x",\n  "version": "1.0.0",\n  "dependencies": { "y": { "version": "1.0.0" } }\n}\n';
  expect(versioned(other, '2.0.0')).toBe(other.replace('1.0.0', '2.0.0'));
});
