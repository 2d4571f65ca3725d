import { expect, test } from '@jest/globals';
import { once } from '../../../src/core/values/once.ts';

test('what is dear is worked out once for each of what it is asked for, also where the answer is nothing', () => {
  const asked: string[] = [];
  const length = once((text: string) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  expect(['ab', '', 'ab', ''].map((text) => length(text))).toEqual([2, undefined, 2, undefined]);
  expect(asked).toEqual(['ab', '']);
});

test('before it would remember more than a thousand, everything is forgotten', () => {
  let worked = 0;
  const next = once((number: number) => {
    worked += 1;
    return number + 1;
  });
  for (let number = 0; number < 1000; number += 1) next(number);
  expect([next(0), worked]).toEqual([1, 1000]);
  expect([next(1000), next(0), worked]).toEqual([1001, 1, 1002]);
});
