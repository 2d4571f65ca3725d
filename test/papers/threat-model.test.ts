import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A claim and the names of what holds it, each with its file. */
interface Claim {
  readonly about: string;
  readonly held: readonly (readonly [file: string, name: string])[];
}

/** Rows of every table with a column “held by”, which is the last. */
function claimsOf(paper: string): readonly Claim[] {
  const tables = paper.split('\n\n').filter((part) => /^\|.*\| held by +\|\n/.test(part));
  return tables.flatMap((rows) =>
    rows
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => {
        const cells = row.split(' | ').map((cell) => cell.replaceAll(/^\| +| +\|$/g, '').trim());
        const held = [...(cells.at(-1) ?? '').matchAll(/\]\(([^)]+)\)((?:,? “[^”]+”)+)/g)].flatMap(
          ([, file = '', names = '']) =>
            [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => [posix.join('docs', file), name] as const),
        );
        return { about: cells[0] ?? '', held };
      }),
  );
}

/** References that lead to nothing, and claims without any. */
function loose(claims: readonly Claim[]): readonly string[] {
  return claims.flatMap(({ about, held }) =>
    held.length === 0
      ? [`${about}: held by nothing`]
      : held.flatMap(([file, name]) => (textOf(file).includes(name) ? [] : [`${about}: ${file} has no “${name}”`])),
  );
}

describe('the threat model', () => {
  const claims = claimsOf(textOf('docs/threat-model.md'));

  test('claims nothing that no test or policy holds', () => {
    expect(claims.length).toBeGreaterThan(25);
    expect(loose(claims)).toEqual([]);
  });

  test.each([
    [
      '| x | y | [t](../test/proofs/canary.test.ts) “no such test” |',
      'x: test/proofs/canary.test.ts has no “no such test”',
    ],
    ['| x | y | trust |', 'x: held by nothing'],
  ])('a planted claim is found: %s', (row, says) => {
    expect(loose(claimsOf(`| attack | answer | held by |\n| --- | --- | --- |\n${row}`))).toEqual([says]);
  });
});
