import { readFile } from 'node:fs/promises';
import type { RunningApp } from '../../app/doctor/running-app.ts';
import { instantOf, type Instant } from '../../core/values/time.ts';

/** USER_HZ, the unit of every moment in /proc: 100 on all platforms that Node runs on (proc_pid_stat(5)). */
const TICK_MS = 10;
/** Where the moment of the start stands behind the name, which may hold spaces and brackets itself. */
const START_FIELD = 19;

/** Looks at one program of this machine, which the caller names; nobody else’s is read. Never rejects. */
export async function runningApp(pid: number, proc = '/proc'): Promise<RunningApp> {
  const booted = /^btime (\d+)$/m.exec((await textAt(`${proc}/stat`)) ?? '')?.[1];
  if (booted === undefined) return { notSeen: 'this system has no /proc, so it shows no start' };
  const stat = await textAt(`${proc}/${pid}/stat`);
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
  const startedAt = momentOf(booted, ticks);
  if (startedAt === undefined) return { notSeen: `no process ${pid} is seen from here` };
  const environment = await textAt(`${proc}/${pid}/environ`);
  return { startedAt, variables: environment === undefined ? undefined : variablesIn(environment) };
}

function momentOf(booted: string, ticks: string | undefined): Instant | undefined {
  return ticks === undefined ? undefined : instantOf(Number(booted) * 1000 + Number(ticks) * TICK_MS);
}

function variablesIn(environment: string): Readonly<Record<string, string>> {
  const pairs = environment.split('\0').filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** `undefined` where it is not there or not ours to read. */
function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
