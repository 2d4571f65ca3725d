import { expect, test } from '@jest/globals';
import { microsOf, movableClock } from '../../../src/emulator/world/clock.ts';
import { testCloud } from '../../support/cloud.ts';

test('the machine’s time has whole microseconds that never go back, and are the moment in milliseconds', () => {
  const clock = movableClock();
  const moments = Array.from({ length: 1000 }, () => microsOf(clock));
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments.every((moment) => Number.isInteger(moment))).toBe(true);
  expect(moments.some((moment) => moment % 1000 !== 0)).toBe(true);
  expect(Math.abs((moments.at(-1) ?? 0) / 1000 - clock.now())).toBeLessThan(60_000);
});

test('a clock that stands still, and one of milliseconds, have none', () => {
  expect(microsOf(movableClock(() => 5))).toBe(5000);
  expect(microsOf({ now: () => 5, advance: () => undefined })).toBe(5000);
});

test('secrets and jobs are stamped as finely as Google writes them', async () => {
  const base = Date.UTC(2026, 10, 29, 12);
  const clock = { ...movableClock(() => base), micros: () => base * 1000 + 123_457 };
  const cloud = await testCloud({ clock });
  const jobs = '/v1/projects/test-proj/locations/us-east1/jobs';
  const name = `${jobs.slice(4)}/j`;
  const httpTarget = { uri: `${cloud.url}/healthz`, httpMethod: 'GET' };
  await cloud.ask('POST', jobs, { body: { name, schedule: '0 3 * * *', httpTarget } });
  expect((await cloud.ask('POST', `${jobs}/j:run`)).json()).toMatchObject({
    lastAttemptTime: '2026-11-29T12:00:00.123457Z',
  });
  const made = await cloud.ask('POST', '/v1/projects/test-proj/secrets?secretId=s', {
    body: { replication: { automatic: {} } },
  });
  expect(made.json()).toMatchObject({ createTime: '2026-11-29T12:00:00.123457Z' });
  await cloud.close();
});
