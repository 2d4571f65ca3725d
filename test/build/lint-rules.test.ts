import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

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

describe('the one way to import', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'imports-'));
    writeFileSync(join(folder, 'b.ts'), 'export const b = 1;\nexport type B = number;\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The rules that a file with these imports breaks, by the configuration of this repository. */
  function broken(...imports: readonly string[]): readonly string[] {
    writeFileSync(join(folder, 'a.ts'), [...imports, ''].join('\n'));
    const oxlint = fileURLToPath(new URL('node_modules/oxlint/bin/oxlint', ROOT));
    const config = fileURLToPath(new URL('.oxlintrc.json', ROOT));
    const { stdout } = spawnSync(process.execPath, [oxlint, '-c', config, '-f', 'json', 'a.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { diagnostics }: { diagnostics: readonly { code: string }[] } = JSON.parse(stdout);
    return diagnostics.map(({ code }) => code);
  }

  test('is one line for a module, the ending of its file, `type` where all or some names are types, and node: before its own', () => {
    expect(broken("import { b, type B } from './b.ts';", 'export const a: B = b;')).toEqual([]);
    expect(
      broken(
        "import type { B } from './b.ts';",
        "import { env } from 'node:process';",
        'export const a: B = env.length;',
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'import/no-duplicates',
      ["import { b } from './b.ts';", "import type { B } from './b.ts';", 'export const a: B = b;'],
    ],
    ['import/extensions', ["import { b } from './b';", 'export const a = b;']],
    ['import/first', ['export const a = 1;', "import { b } from './b.ts';", 'export const c = b;']],
    ['typescript/no-import-type-side-effects', ["import { type B } from './b.ts';", 'export const a: B = 1;']],
    ['typescript/consistent-type-imports', ["import { B } from './b.ts';", 'export const a: B = 1;']],
    ['unicorn/prefer-node-protocol', ["import { env } from 'process';", 'export const a = env;']],
  ])('%s finds a planted violation', (rule, imports) => {
    expect(broken(...imports)).toEqual([rule.replace('/', '(') + ')']);
  });
});
