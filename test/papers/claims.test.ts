import { describe, expect, test } from '@jest/globals';
import { claimsIn, claimsOf, loose } from './claims.ts';

/** Papers whose tables say what holds each of their claims, and how many there are at least. */
const PAPERS = [
  ['docs/threat-model.md', 25],
  ['docs/proof/situations.md', 20],
] as const;

describe.each(PAPERS)('%s', (path, least) => {
  test('claims nothing that no test or policy holds', () => {
    const claims = claimsIn(path);
    expect(claims.length).toBeGreaterThan(least);
    expect(loose(claims)).toEqual([]);
  });
});

test.each([
  [
    '| x | y | [t](../test/proofs/canary.test.ts) “no such test” |',
    'x: test/proofs/canary.test.ts has no “no such test”',
  ],
  ['| x | y | trust |', 'x: held by nothing'],
])('a planted claim is found: %s', (row, says) => {
  const paper = `| attack | answer | held by |\n| --- | --- | --- |\n${row}`;
  expect(loose(claimsOf(paper, 'docs'))).toEqual([says]);
});
