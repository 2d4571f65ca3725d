import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isRecord } from '../../src/core/values/json.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** Lines of CODEOWNERS that protect nothing, because what they name has moved or has no owner. */
function idleLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => {
    const [path = '', ...owners] = line.split(/\s+/);
    if (path === '' || path.startsWith('#')) return false;
    const there = path === '*' || (path.startsWith('/') && existsSync(new URL(path.slice(1), ROOT)));
    return !there || owners.length === 0 || !owners.every((owner) => /^@[\w-]+\/[\w-]+$/.test(owner));
  });
}

test('every line of CODEOWNERS names something that is there, and who looks after it', () => {
  expect(idleLines(textOf('.github/CODEOWNERS'))).toEqual([]);
});

test.each(['/src/gone/ @a/b', 'src @a/b', '/src/', '/src/ a'])('a planted line is found: %s', (line) => {
  expect(idleLines(`# comment\n* @a/b\n${line}\n`)).toEqual([line]);
});

test('every form for an issue has what GitHub asks of one, and says nothing twice', () => {
  const forms = readdirSync(new URL('.github/ISSUE_TEMPLATE/', ROOT)).filter((name) => name !== 'config.yml');
  expect(forms).not.toEqual([]);
  for (const name of forms) {
    const form: unknown = parse(textOf(`.github/ISSUE_TEMPLATE/${name}`));
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String), body: expect.any(Array) });
    const body: readonly unknown[] = isRecord(form) && Array.isArray(form['body']) ? form['body'] : [];
    const ids = body.flatMap((field) => (isRecord(field) && 'id' in field ? [field['id']] : []));
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('the Node of .nvmrc is the oldest that package.json allows', () => {
  expect(JSON.parse(textOf('package.json'))).toMatchObject({ engines: { node: `>=${textOf('.nvmrc').trim()}` } });
});
