import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Request } from '../../../src/emulator/wire/http.ts';
import { PROJECT } from '../../support/cloud.ts';
import { dice } from './chance.ts';
import { MINTED } from './scenarios.ts';
import { stateOf } from './seen.ts';
import { secrecy, witness, type Witness } from './witness.ts';
import { faultWorld, type FaultWorld } from './world.ts';

const BIN = fileURLToPath(new URL('../../../src/bin.js', import.meta.url));
const HOUR_MS = 3_600_000;

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
beforeEach(() => world.startOver());
afterAll(() => world.close());

interface Ended {
  /** `null` when it was killed. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** A program that makes a process believe that it is later. */
function aheadBy(milliseconds: number): string {
  return (
    `const Real = Date; const now = () => Real.now() + ${milliseconds};` +
    'globalThis.Date = class Date extends Real { constructor(...given) { super(...(given.length > 0 ? given : [now()])); } static now() { return now(); } };'
  );
}

/** The command line as a process of its own, its clock set to the pretend cloud’s. */
function rotate(...words: readonly string[]): { readonly ended: Promise<Ended>; kill(): void } {
  const clock = encodeURIComponent(aheadBy(world.cloud.clock.now() - Date.now()));
  const child = spawn(process.execPath, [BIN, 'rotate', '--secret', 'gemini', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: `--import=data:text/javascript,${clock}`,
      KEY_WARDEN_EMULATOR: world.cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    },
  });
  const exit = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(([how, out, err]) => {
    world.said.push(out, err);
    return { ...how, out, err };
  });
  return { ended, kill: () => void child.kill('SIGKILL') };
}

function watched(look: (heard: Request) => void | Promise<void> = () => undefined): Witness {
  const watcher = witness(world);
  world.watch(async (heard) => {
    await look(heard);
    watcher.before(heard, true);
  });
  return watcher;
}

/** Holds the first call of a method until the second comes in, so that two processes meet however fast each starts. */
function firstWaitsForSecond(method: string): (heard: Request) => Promise<void> {
  const met = Promise.withResolvers<void>();
  const state = { calls: 0 };
  return async (heard) => {
    if (heard.method !== method) return;
    state.calls += 1;
    if (state.calls > 1) met.resolve();
    await met.promise;
  };
}

/** What somebody finds who comes when everything is over. */
function found(watcher: Witness) {
  watcher.look();
  const violations = [...watcher.violations];
  secrecy(world, world.said, (sentence) => violations.push(sentence));
  return { state: stateOf(world, watcher.seen()), violations };
}

/** How long each command in a row is given after the one before: a lease or a drain further on. */
const PAUSES_MS = [0, 130_000, 130_000, 130_000, 7 * HOUR_MS, 7 * HOUR_MS, 24 * HOUR_MS];

/**
 * Gives the same command again and again until it says that all is done, and kills the one that is running when the
 * call of this number comes in. Answers how many were killed.
 */
async function untilDone(moment: number): Promise<number> {
  let killed = 0;
  let running = { kill: (): void => undefined };
  const watcher = watched(({ path }) => {
    // What time it is there is asked too, and counts for no call: it would be killed again and again.
    if (!path.startsWith('/_emulator/') && world.cloud.requests().length + 1 === moment) running.kill();
  });
  for (const passed of PAUSES_MS) {
    await world.cloud.advance(passed);
    const command = rotate('--request-id', 'r-1');
    running = command;
    const { code, signal, out, err } = await command.ended;
    if (signal === 'SIGKILL') killed += 1;
    else expect({ code, out, err }).toMatchObject({ code: 0 });
    if (/at rest|was completed/.test(out)) break;
  }
  expect({ moment, ...found(watcher) }).toEqual({ moment, state: MINTED.ends, violations: [] });
  return killed;
}

describe('two processes rotate the same secret at once', () => {
  test.each([
    ['each for itself', [[], []]],
    [
      'with one request',
      [
        ['--request-id', 'r-1'],
        ['--request-id', 'r-1'],
      ],
    ],
  ])('%s: one key, one version, and both say something sensible (I5, I7)', async (_, [one = [], other = []]) => {
    const watcher = watched(firstWaitsForSecond('PATCH'));
    const both = await Promise.all([rotate(...one).ended, rotate(...other).ended]);
    for (const { code, out, err } of both) {
      expect([0, 5]).toContain(code);
      expect(out + err).toMatch(/under way|rotation kw-\S+ \(request\) is \w+ since/);
    }
    expect(both.map(({ code }) => code)).toContain(0);
    expect(world.minted()).toHaveLength(1);
    for (const passed of [130_000, 7 * HOUR_MS, 24 * HOUR_MS]) {
      await world.cloud.advance(passed);
      await world.worker().drive();
    }
    expect(found(watcher)).toEqual({ state: MINTED.ends, violations: [] });
  });
});

describe('kill -9', () => {
  const SEED = 20_261_124;
  const ROUNDS = process.env['FAULTS'] === 'large' ? 40 : 4;

  test('at any moment: whoever gives the command again finishes it (I1–I7, I10)', async () => {
    const roll = dice(SEED);
    expect(await untilDone(Infinity)).toBe(0);
    const calls = world.cloud.requests().length;
    const moments = Array.from({ length: ROUNDS }, () => 1 + roll(calls));
    for (const moment of moments) {
      await world.startOver();
      expect({ moment, killed: await untilDone(moment) }).toEqual({ moment, killed: 1 });
    }
    process.stdout.write(
      `faults: kill -9 (seed ${SEED}) as call ${moments.join(', ')} of ${calls} came in: ${ROUNDS} processes killed\n`,
    );
    expect(moments).toHaveLength(ROUNDS);
  }, 600_000);
});
