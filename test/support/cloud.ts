import type { Clock } from '../../src/app/ports/ports.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { systemClock } from '../../src/edge/process/system.ts';
import { startPretendCloud, type PretendCloud, type PretendCloudOptions } from '../../src/emulator/server/server.ts';

/** Where the clock of these tests stands until they move it. */
export const START = Date.parse('2026-11-24T12:00:00.000Z');
export const PROJECT = 'test-proj';
export const NUMBER = '123456789012';
/** A second project that is there. */
export const OTHER = 'other-proj';
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Key strings of no key that exists. */
export const STANDARD = 'AI' + 'za' + 'x'.repeat(35);
export const AUTH = 'A' + 'Q.' + 'y'.repeat(50);

export interface Heard {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The body as JSON; throws when it is none. */
  json(): unknown;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestCloud extends PretendCloud {
  ask(method: string, path: string, asked?: Asked): Promise<Heard>;
  /** A request to the control surface. */
  control(verb: string, body?: unknown): Promise<Heard>;
}

/**
 * A pretend cloud whose time runs, but from `START`: on the machine's own, what is due once a day would fall due in whatever test
 * runs at that moment.
 */
export function pretendCloud(options: PretendCloudOptions = {}): Promise<PretendCloud> {
  const started = performance.now();
  return startPretendCloud({ base: () => START + Math.floor(performance.now() - started), ...options });
}

/** What the worker is to be wired with, so that its time is that of this pretend cloud. */
export function timeOf({ clock }: PretendCloud): { readonly clock: Clock; readonly random: () => number } {
  return { clock: { ...systemClock, now: () => instantOf(clock.now()) }, random: Math.random };
}

/** A pretend cloud whose clock stands still. */
export async function testCloud(options: PretendCloudOptions = {}): Promise<TestCloud> {
  const cloud = await pretendCloud({
    base: () => START,
    projects: { [PROJECT]: NUMBER, [OTHER]: '210987654321' },
    printBugs: true,
    ...options,
  });
  const ask: TestCloud['ask'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${cloud.url}${path}`, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) };
  };
  return Object.assign(cloud, {
    ask,
    control(verb: string, body?: unknown) {
      const [method = '', name = ''] = verb.split(' ');
      return ask(method, `/_emulator/${name}`, { body });
    },
  });
}
