import { describe, expect, test } from '@jest/globals';
import { isInPart, partText, SHARES_MAX, sharesOf } from '../../../src/core/survey/part.ts';

const PART = { project: 'acme', location: 'global' };
const IDS = Array.from({ length: 10_000 }, (_, at) => `gemini-key-${at}`);

describe('shares of a project', () => {
  test('hold every secret once, whoever asks', () => {
    const shares = sharesOf(PART, IDS.length, 2_000);
    expect(shares).toHaveLength(5);
    expect(IDS.map((id) => shares.filter((share) => isInPart(share, id)).length)).toEqual(IDS.map(() => 1));
  });

  test('are about as large as each other', () => {
    const sizes = sharesOf(PART, IDS.length, 2_000).map((share) => IDS.filter((id) => isInPart(share, id)).length);
    expect(Math.max(...sizes)).toBeLessThan(2_400);
    expect(Math.min(...sizes)).toBeGreaterThan(1_600);
  });

  test('are no more than can be asked for', () => {
    expect(sharesOf(PART, 9_000_000, 2_000)).toHaveLength(SHARES_MAX);
  });
});

test('a part that is no share holds everything', () => {
  expect(isInPart(PART, 'anything')).toBe(true);
});

test('a part is told as people count', () => {
  expect(partText(PART)).toBe('project acme (global)');
  expect(partText({ ...PART, share: { at: 1, of: 5 } })).toBe('project acme (global), share 2 of 5');
});
