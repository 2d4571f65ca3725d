import { describe, expect, test } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allPapers, type Paper } from '../papers/markdown.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** A path from the root, wherever a paper names one; what stands in for a name, such as `<date>`, is none. */
const NAMED = /(?<![\w./-])(?:src|test|docs|terraform|build|bench|schemas|\.ci|\.github)\/[\w.][\w./-]*(?![\w./<*-])/g;

/** Paths that a paper names and that are not there. A sentence may end behind a path. */
function lostPaths({ path, text }: Paper): readonly string[] {
  const named = [...text.matchAll(NAMED)].map(([found]) => found.replace(/[./]+$/, ''));
  return [...new Set(named)].filter((one) => !existsSync(new URL(one, ROOT))).map((one) => `${path} names ${one}`);
}

describe('papers name what is there', () => {
  test('every path', () => {
    expect(allPapers().flatMap(lostPaths)).toEqual([]);
  });

  test.each(['`src/core/none.ts`', 'see test/none.', '`docs/none/`'])('a planted path is found: %s', (text) => {
    expect(lostPaths({ path: 'README.md', text })).toHaveLength(1);
  });

  test('what is to be filled in is no path', () => {
    expect(lostPaths({ path: 'README.md', text: '`docs/decisions/<date>-<words>.md`' })).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const paper = textOf('docs/architecture.md');
  const missing = (names: readonly string[]) => names.filter((name) => !paper.includes(`\`${name}\``));
  const source = { cwd: fileURLToPath(ROOT) };

  test('has every room', () => {
    const rooms = globSync('src/{core,app}/*/', source).map((room) => room.replace(/\/$/, ''));
    expect(rooms.length).toBeGreaterThan(20);
    expect(missing(rooms)).toEqual([]);
  });

  test('has every annotation', () => {
    const named = globSync('src/**/*.ts', source).flatMap((file) =>
      [...textOf(file).matchAll(/= '(key-warden\.[a-z-]+)'/g)].map(([, annotation = '']) => annotation),
    );
    expect(named.length).toBeGreaterThan(7);
    expect(missing(named)).toEqual([]);
  });

  test('a planted room and a planted annotation are missed', () => {
    const planted = ['src/core/attic', 'key-warden.whim'];
    expect(missing(planted)).toEqual(planted);
  });
});

/** The numbers that a text cites. */
function citedIn(text: string): readonly string[] {
  return [...text.matchAll(/\bI\d{1,2}\b/g)].map(([number]) => number);
}

/** Everything that cites invariants, under these folders. */
function citedUnder(folder: string): ReadonlySet<string> {
  const files = globSync(`${folder}/**/*.{ts,txt}`, { cwd: fileURLToPath(ROOT) });
  return new Set(files.flatMap((file) => citedIn(textOf(file))));
}

/** Numbers with a definition in the paper, and whether all of it is marked as not built. */
function definedIn(paper: string): ReadonlyMap<string, boolean> {
  const items = [...paper.matchAll(/^- \*\*(I\d+)\*\* (_Not built yet\._)?/gm)];
  return new Map(items.map(([, number = '', mark]) => [number, mark !== undefined] as const));
}

/** What does not fit between the definitions and those who cite them. */
function misfits(defined: ReadonlyMap<string, boolean>, inCode: ReadonlySet<string>, inTests: ReadonlySet<string>) {
  return [
    ...[...new Set([...inCode, ...inTests])].filter((one) => !defined.has(one)).map((one) => `${one} is not defined`),
    ...[...defined].flatMap(([one, notBuilt]) => {
      if (notBuilt && inTests.has(one)) return [`${one} is tested and yet marked as not built`];
      return !notBuilt && !inTests.has(one) ? [`no test cites ${one}`] : [];
    }),
  ];
}

describe('invariants', () => {
  const defined = definedIn(textOf('docs/architecture.md'));
  const number = (n: number) => `I${n}`;

  test('each has one definition, in order', () => {
    expect([...defined.keys()]).toEqual(Array.from({ length: 19 }, (_, at) => number(at + 1)));
  });

  test('each that is cited is defined, each that is built is tested, and no other is said to be', () => {
    expect(misfits(defined, citedUnder('src'), citedUnder('test'))).toEqual([]);
  });

  test('a paper cites none that is not defined', () => {
    const inPapers = allPapers().flatMap(({ text }) => citedIn(text));
    expect(inPapers.filter((one) => !defined.has(one))).toEqual([]);
  });

  test('a planted citation, a planted mark and a forgotten invariant are found', () => {
    const planted = new Map([
      [number(1), false],
      [number(2), true],
      [number(3), false],
    ]);
    expect(misfits(planted, new Set([number(99)]), new Set([number(1), number(2)]))).toEqual([
      `${number(99)} is not defined`,
      `${number(2)} is tested and yet marked as not built`,
      `no test cites ${number(3)}`,
    ]);
  });
});
