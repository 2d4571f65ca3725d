import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { meansTheKey } from '../../clients/node/index.js';
import { CAUSES } from '../../src/core/causes/causes.ts';
import { ANSWERS } from '../support/fixtures/gemini-answers.ts';
import { REFUSAL_FILES } from './refusals.ts';

describe('what a reader takes for a refusal of the key', () => {
  test.each(Object.entries(REFUSAL_FILES))('%s is printed from the table', (file, text) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(text);
  });

  const ofGoogle = ANSWERS.filter(({ answer }) => 'status' in answer && answer.status !== undefined);

  /** What no app gets from Google itself: proxies in between, and texts that somebody pasted. */
  const NOT_FROM_GOOGLE = ['a line break in the message', 'UTF-16 read as something else'];

  test('holds every answer that the classifier reads as a dead key which a new one replaces', () => {
    const missed = ofGoogle.filter(({ cause, answer }) => {
      const row = CAUSES[cause];
      const isRefused = [400, 401, 403].includes(answer.status ?? 0);
      return isRefused && row.verdict === 'dead' && row.newKeyHelps && !meansTheKey(answer.status ?? 0, answer.body);
    });
    expect(missed.map(({ title }) => title)).toEqual(NOT_FROM_GOOGLE);
  });

  test('holds no answer of a key that works, is blocked or has to wait', () => {
    const wrong = ofGoogle.filter(({ cause, answer }) => {
      const { verdict } = CAUSES[cause];
      return ['works', 'blocked', 'throttled'].includes(verdict) && meansTheKey(answer.status ?? 0, answer.body);
    });
    expect(wrong.map(({ title }) => title)).toEqual([]);
  });
});
