import { expect, test } from '@jest/globals';
import { googleTime } from '../../../src/edge/google/time.ts';
import { pretendCloud, START } from '../../support/cloud.ts';

test('Google’s time is read from an answer, to the second', async () => {
  const cloud = await pretendCloud({ base: () => START + 900 });
  expect(await googleTime(cloud.url)).toBe(START);
  await cloud.close();
});

test('nobody’s time is known where nobody answers', async () => {
  expect(await googleTime('http://127.0.0.1:9')).toBeUndefined();
});
