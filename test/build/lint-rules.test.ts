import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** Rules of oxlint that are off without a comment on the line before. */
function offWithoutReason(config: string): readonly string[] {
  const lines = config.split('\n').map((line) => line.trim());
  return lines.filter((line, at) => /\[?"(?:off|allow)"|: 0\b/.test(line) && !lines[at - 1]?.startsWith('// '));
}

/** Places in the code where a rule is off without a reason behind two hyphens. */
function silencedWithoutReason(source: string): readonly string[] {
  return (source.match(/^.*(?:ox|es)lint-disable.*$/gm) ?? []).filter(
    (line) => !/\/\/ oxlint-disable-next-line [\w/-]+ -- \w/.test(line),
  );
}

test('every rule that is off says why', () => {
  const config = textOf('.oxlintrc.json');
  expect(config.match(/"off"/g)?.length).toBeGreaterThan(5);
  expect(offWithoutReason(config)).toEqual([]);
});

test.each(['"no-console": "off"', '"no-console": "allow",', '"no-console": ["off"]', '"no-console": 0,'])(
  'a planted rule that is off without a reason is found: %s',
  (line) => {
    expect(offWithoutReason(`// Why.\n"no-cycle": "off",\n${line}`)).toEqual([line]);
  },
);

test('every line that a rule is off for says why', () => {
  const folders = ['src', 'test', 'build', 'bench'];
  const sources = folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('lint-rules.test.ts'))
      .map((path) => textOf(`${folder}/${path}`)),
  );
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.flatMap(silencedWithoutReason)).toEqual([]);
});

test.each([
  '// oxlint-disable-next-line no-console',
  '// oxlint-disable no-console -- the whole file',
  '// eslint-disable-next-line no-console -- another tool',
  '/* oxlint-disable */',
])('a planted line without a reason is found: %s', (line) => {
  expect(silencedWithoutReason(`// oxlint-disable-next-line no-console -- a demo prints\n${line}\n`)).toEqual([line]);
});
