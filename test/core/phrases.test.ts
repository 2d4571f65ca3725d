import { expect, test } from '@jest/globals';
import * as phrases from '../../src/core/phrases.ts';
import { plainWords } from '../../src/core/phrasing.ts';
import { ANSWERS } from '../fixtures/gemini-answers.ts';

const seen = ANSWERS.map(({ answer }) => plainWords(answer.body));

/** The alternatives of an expression that stand in no group. */
function alternativesOf(expression: RegExp): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const [token] of expression.source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|./g)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${token}`);
  }
  return found;
}

test.each(Object.entries(phrases))('every way to say %s is met in some answer', (_, expression) => {
  const unmet = alternativesOf(expression).filter((way) => !seen.some((words) => new RegExp(way).test(words)));
  expect(unmet).toEqual([]);
});
