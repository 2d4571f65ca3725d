import { expect, test } from '@jest/globals';
import { googleTime } from '../../../src/edge/google/time.ts';
import { startPretendCloud } from '../../../src/emulator/server/server.ts';

test('Google’s time is read from an answer, to the second', async () => {
  const cloud = await startPretendCloud();
  const before = Math.floor(Date.now() / 1000) * 1000;
  const told = await googleTime(cloud.url);
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now());
  await cloud.close();
});

test('nobody’s time is known where nobody answers', async () => {
  expect(await googleTime('http://127.0.0.1:9')).toBeUndefined();
});
