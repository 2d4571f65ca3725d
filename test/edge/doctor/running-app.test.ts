import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningApp } from '../../../src/edge/doctor/running-app.ts';

let proc: string;

beforeAll(async () => {
  proc = await mkdtemp(join(tmpdir(), 'key-warden-proc-'));
  await writeFile(join(proc, 'stat'), 'cpu 1 2\nbtime 1800000000\nprocesses 7\n');
  const fields = Array.from({ length: 30 }, (_, at) => (at === 18 ? '12345' : '0')).join(' ');
  for (const pid of ['7', '8', '9']) {
    await mkdir(join(proc, pid));
    await writeFile(join(proc, pid, 'stat'), pid === '9' ? '9 (half' : `${pid} (a (b) c) S ${fields}\n`);
  }
  await writeFile(join(proc, '7', 'environ'), 'PATH=/bin\0EMPTY=\0TWO=a=b\0nothing\0');
});

afterAll(() => rm(proc, { recursive: true }));

test('an app is seen with its start and what it was started with, whatever its name', async () => {
  expect(await runningApp(7, proc)).toEqual({
    startedAt: 1_800_000_123_450,
    variables: { PATH: '/bin', EMPTY: '', TWO: 'a=b' },
  });
});

test('somebody else’s app shows its start alone', async () => {
  expect(await runningApp(8, proc)).toEqual({ startedAt: 1_800_000_123_450, variables: undefined });
});

test.each([6, 9])('process %i, which is gone or half told, is not seen', async (pid) => {
  expect(await runningApp(pid, proc)).toEqual({ notSeen: `no process ${pid} is seen from here` });
});

test('a system without /proc says so', async () => {
  expect(await runningApp(7, join(proc, 'none'))).toEqual({
    notSeen: 'this system has no /proc, so it shows no start',
  });
});
