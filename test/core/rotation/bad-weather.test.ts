import { expect, test } from '@jest/globals';
import { CAUSES, isCause } from '../../../src/core/causes/causes.ts';
import { isBadWeather } from '../../../src/core/rotation/bad-weather.ts';

const ALL = Object.keys(CAUSES).filter(isCause);

test('bad weather is what passes without anybody’s doing, and never tells of the key itself', () => {
  const weather = ALL.filter(isBadWeather);
  expect(weather.toSorted()).toEqual([
    'network',
    'overloaded',
    'rate_limited',
    'server_error',
    'store_unavailable',
    'timeout',
  ]);
  for (const cause of weather) {
    expect(CAUSES[cause]).toMatchObject({ definitive: false, newKeyHelps: false });
    expect(['unclear', 'throttled']).toContain(CAUSES[cause].verdict);
  }
});
