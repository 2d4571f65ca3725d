import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../build/check-subjects.ts', import.meta.url));
const [LONGEST, TOO_LONG] = ['ä'.repeat(72), 'x'.repeat(73)];

let folder: string;
let repository: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'subjects-'));
  repository = join(folder, 'repository');
  mkdirSync(join(repository, 'build'), { recursive: true });
  git('init', '--quiet');
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(...words: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', ['-C', repository, ...who, ...words], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

const commit = (subject: string) => git('commit', '--quiet', '--allow-empty', '-m', `${subject}\n\n${TOO_LONG}`);

/** The commit that brings the rule. */
function begin(): void {
  writeFileSync(join(repository, 'build', 'check-subjects.ts'), '');
  git('add', '.');
  commit('Rule');
}

function check(where = repository) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, where], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a planted subject of 73 characters is found; 72, older commits and bodies are let be', () => {
  commit(TOO_LONG + ' before the rule');
  begin();
  commit(LONGEST);
  expect(check()).toEqual({ status: 0, stdout: 'commit subjects: 2 looked at, 0 too long\n', stderr: '' });

  commit(TOO_LONG);
  commit('Later');
  const { status, stdout, stderr } = check();
  expect({ status, stdout }).toEqual({ status: 1, stdout: 'commit subjects: 4 looked at, 1 too long\n' });
  expect(stderr).toMatch(/^subject over 72 characters: [0-9a-f]+ x{73}\n$/);
});

test('a clone of the last commit alone is enough', () => {
  begin();
  commit(TOO_LONG);
  const shallow = join(folder, 'shallow');
  git('clone', '--quiet', '--depth', '1', `file://${repository}`, shallow);
  expect(check(shallow)).toMatchObject({ status: 1, stdout: 'commit subjects: 1 looked at, 1 too long\n' });
});

test('where there is no history, there is nothing to look at', () => {
  expect(check(folder)).toEqual({ status: 0, stdout: 'commit subjects: 0 looked at, 0 too long\n', stderr: '' });
});
