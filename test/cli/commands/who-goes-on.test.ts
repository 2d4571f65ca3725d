import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sayBeforeLongWait } from '../../../src/cli/commands/long-wait.ts';
import { main } from '../../../src/cli/main.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { wireTo } from '../../../src/wire.ts';
import { pretendCloud } from '../../support/cloud.ts';

const DAY_MS = 86_400_000;
let cloud: PretendCloud;
beforeEach(async () => {
  cloud = await pretendCloud({ base: () => Date.UTC(2026, 10, 24, 9), propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
});
afterEach(() => cloud.close());

/** What a person at a terminal is told on standard error before a long wait, and who leaves then. */
async function told(leaves: () => void = () => undefined): Promise<string> {
  let err = '';
  const wire = wireTo(
    { write: () => undefined },
    {
      clock: {
        now: () => instantOf(cloud.clock.now()),
        sleep: (ms) => (ms < 60_000 ? cloud.advance(ms) : new Promise(() => undefined)),
      },
      random: () => 0.5,
    },
  );
  await main(
    ['rotate', 'search-app', '--wait'],
    {
      environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT },
      out: () => undefined,
      err: (text) => void (err += text),
      isAttended: true,
      input: () => Promise.resolve(undefined),
      colour: false,
      interrupted: () => Promise.resolve(leaves()),
    },
    () => Promise.resolve(wire),
  );
  return err;
}

test('before a long wait it says that Ctrl-C is safe, and that a worker is there', async () => {
  cloud.logging.take(SHOWCASE_PROJECT, '{"heartbeat":{"expected":6,"seen":6,"listed":["demo-project/global"]}}');
  cloud.clock.advance(240_000);
  expect(await told()).toContain(
    'Ctrl-C is safe: all of it is on record. The worker goes on with it: it checked last 4 min ago',
  );
});

test('or that none seems to be, and what to type then', async () => {
  cloud.logging.take(SHOWCASE_PROJECT, '{"heartbeat":{"expected":6,"seen":6,"listed":["demo-project/global"]}}');
  cloud.clock.advance(8 * DAY_MS);
  expect(await told()).toMatch(
    /No worker has logged a check in demo-project for a week: .* key-warden resume --secret projects\/demo-project\/secrets\/search-app/,
  );
});

test('or that nobody can say', async () => {
  cloud.faults.plant({ path: '/v2/entries:list' }, 9, {
    act: 'answer',
    reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
  });
  expect(await told()).toContain('Whether a worker is there to go on is not known (it takes logging.logEntries.list');
});

test('Ctrl-C is not called safe while a supplied key is in this process alone', async () => {
  let err = '';
  const terminal = { isAttended: true, err: (text: string) => void (err += text), width: undefined };
  const goesOn = () => 'The worker goes on with it';
  await sayBeforeLongWait(terminal, { wait: true, waitMs: 600_000, needsUs: true, goesOn });
  expect(err).toMatch(/Ctrl-C is not safe yet: the key that was supplied is in this process alone/);
});

test('whoever leaves is told if the last look failed, which says what is true then', async () => {
  const isGone = () =>
    cloud.faults.plant({ path: '/secrets/search-app' }, 99, {
      act: 'answer',
      reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
    });
  expect(await told(isGone)).toMatch(
    /how projects\/demo-project\/secrets\/search-app stands now could not be looked up \(.+\): key-warden status --secret \S+\n$/,
  );
});
