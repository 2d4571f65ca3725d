import { expect, test } from '@jest/globals';
import { NOTICE_TYPES } from '../../../src/core/alerts/notice.ts';
import { tookSeconds } from '../../../src/core/alerts/took.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { EPISODE, NOTICES, NOW } from '../../support/notices.ts';

test('what has a beginning says how long it took until it is told, once', () => {
  const took = NOTICE_TYPES.filter((type) => tookSeconds(NOTICES[type], NOW) !== undefined);
  expect(took).toEqual(['key.unhealthy', 'key.unclear', 'key.recovered', 'leak.closed', 'fleet.recovered']);
  expect(tookSeconds(NOTICES['key.recovered'], NOW)).toBe(23_400);
  expect(tookSeconds(NOTICES['leak.closed'], NOW)).toBe(23_400);
  const deadSince = plusMs(EPISODE.openedAt, 600_000);
  expect(tookSeconds({ ...NOTICES['leak.closed'], at: EPISODE.openedAt, deadSince }, NOW)).toBe(600);
  const openedAt = plusMs(NOW, -3_600_000);
  for (const type of ['rotation.promoted', 'rotation.completed'] as const)
    expect(tookSeconds({ ...NOTICES[type], openedAt }, NOW)).toBe(3600);
  expect(tookSeconds({ ...NOTICES['key.unhealthy'], again: true }, NOW)).toBeUndefined();
  expect(tookSeconds(NOTICES['key.unhealthy'], plusMs(EPISODE.openedAt, -1000))).toBe(0);
});
