import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { instantOf, isoOf } from '../../../src/core/values/time.ts';
import { pretendClock } from '../../../src/edge/process/pretend-clock.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { pretendCloud } from '../../support/cloud.ts';

const START = Date.parse('2026-11-29T03:00:00Z');
const HOUR_MS = 3_600_000;

let cloud: PretendCloud;
beforeAll(async () => (cloud = await pretendCloud({ base: () => START })));
afterAll(() => cloud.close());

/** A machine an hour behind, whose waits take no time; what happens meanwhile is up to the test. */
const machine = (meanwhile: (milliseconds: number) => Promise<void> = () => Promise.resolve()) => ({
  now: () => instantOf(START - HOUR_MS),
  sleep: meanwhile,
});

test('it is the machine’s time until it is asked for, and the cloud’s from then on', async () => {
  const clock = pretendClock({ url: cloud.url, machine: machine() });
  expect(isoOf(clock.now())).toBe('2026-11-29T02:00:00.000Z');
  await clock.ask();
  expect(clock.now()).toBe(cloud.clock.now());
  await cloud.advance(5 * HOUR_MS);
  await clock.ask();
  expect(clock.now()).toBe(cloud.clock.now());
});

test('who waits a day goes on within a moment of the day’s being moved past', async () => {
  const waits: number[] = [];
  const meanwhile = async (milliseconds: number) => {
    waits.push(milliseconds);
    if (waits.length === 3) await cloud.advance(24 * HOUR_MS);
  };
  const clock = pretendClock({ url: `${cloud.url}/`, machine: machine(meanwhile) });
  await clock.ask();
  await clock.sleep(24 * HOUR_MS);
  expect(waits).toEqual([500, 500, 500]);
  expect(clock.now()).toBe(cloud.clock.now());
});

test('no wait takes longer than it was meant to', async () => {
  const waits: number[] = [];
  const clock = pretendClock({
    url: cloud.url,
    machine: machine(async (milliseconds) => {
      waits.push(milliseconds);
      await cloud.advance(milliseconds);
    }),
  });
  await clock.ask();
  await clock.sleep(700);
  expect(waits).toEqual([500, 200]);
});

test('where nobody answers, or something else does, it is the machine’s time', async () => {
  const stranger = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  for (const url of ['http://127.0.0.1:1', 'no address', `http://127.0.0.1:${port}`]) {
    const clock = pretendClock({ url, machine: machine() });
    await clock.ask();
    expect(isoOf(clock.now())).toBe('2026-11-29T02:00:00.000Z');
  }
  stranger.close();
});
