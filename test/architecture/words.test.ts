import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const SRC = new URL('../../src/', import.meta.url);

/** Private metaphors that names had once, and the word of docs/glossary.md that says the same. */
const GIVEN_UP = {
  lot: 'stable shuffle',
  lots: 'stable shuffle',
  spread: 'stable hash',
  turn: 'slice of a run',
  fortune: 'recent outcome',
  weighed: 'key quota use',
  room: 'keys left',
  young: 'beginning',
  books: 'past rotations',
  care: 'secret policy',
  outlook: 'rotation view',
  scene: 'act input',
  standing: 'secret status',
  quiet: 'silence',
  quieted: 'silence outcome',
  unread: 'unreadable',
  hurried: 'as emergency',
  hurry: 'as emergency',
  machinery: 'deployed parts',
  phrasing: 'plain words',
  phrases: 'Google’s sentences',
} as const;

/** Words to avoid in any name (they say nothing of what a thing is). */
const EMPTY = ['manager', 'service', 'helper', 'util', 'utils', 'handle', 'process', 'data', 'info'];
/** Google’s own names, and the CloudEvents field that is called so. */
const THEIRS = [
  'SecretManager',
  'secretManager',
  'ServiceAccount',
  'serviceAccount',
  'SERVICE_ACCOUNTS',
  'GEMINI_SERVICE',
  'SERVICE_OFF',
  'Service',
  'EventData',
  'eventData',
  'errorInfo',
  'KeyHandle',
  'keyHandle',
];

const EXPORTED = /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;

function wordsOf(name: string): readonly string[] {
  return (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []).map((word) => word.toLowerCase());
}

/** Names exported by these sources that have a word in them which was given up. */
function givenUpIn(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, source]) =>
    [...source.matchAll(EXPORTED)].flatMap(([, name = '']) =>
      wordsOf(name).flatMap((word) => {
        if (Object.hasOwn(GIVEN_UP, word)) return [`${path}: ${name} (say ${GIVEN_UP[word as keyof typeof GIVEN_UP]})`];
        const isTheirs = THEIRS.some((theirs) => name.includes(theirs));
        return EMPTY.includes(word) && !isTheirs ? [`${path}: ${name} (${word} says nothing)`] : [];
      }),
    ),
  );
}

function sources(folders: readonly string[]): ReadonlyMap<string, string> {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && folders.some((folder) => path.startsWith(folder)),
  );
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, SRC), 'utf8')]));
}

describe('words that were given up', () => {
  test('stand in no exported name', () => {
    const files = sources(['core/', 'app/', 'edge/', 'functions/', 'cli/', 'emulator/']);
    expect(files.size).toBeGreaterThan(250);
    expect(givenUpIn(files)).toEqual([]);
  });

  test('are found where one is planted', () => {
    const planted = new Map([
      ['a.ts', 'export interface KeyOutlook {}\nexport const BOOKS_MAX = 3;\nconst quiet = 1;'],
      ['b.ts', 'export function requestHelper() {}\nexport type SecretManagerClient = 1;'],
    ]);
    expect(givenUpIn(planted)).toEqual([
      'a.ts: KeyOutlook (say rotation view)',
      'a.ts: BOOKS_MAX (say past rotations)',
      'b.ts: requestHelper (helper says nothing)',
    ]);
  });

  test('are not the glossary’s', () => {
    const glossary = readFileSync(new URL('../docs/glossary.md', SRC), 'utf8');
    const terms = [...glossary.matchAll(/^\| \*{0,2}([^|*]+?)\*{0,2} +\|/gm)].map(([, term = '']) =>
      term.toLowerCase(),
    );
    expect(terms.length).toBeGreaterThan(39);
    expect(terms.filter((term) => Object.hasOwn(GIVEN_UP, term))).toEqual([]);
  });
});
