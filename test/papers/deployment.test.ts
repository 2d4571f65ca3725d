import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { instantOf } from '../../src/core/values/time.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run } from '../support/captured.ts';
import { blocksOf } from './markdown.ts';
import { pretendCloud } from '../support/cloud.ts';

const HOUR_MS = 3_600_000;
const ACCOUNT = 'search-app@demo-project.iam.gserviceaccount.com';
const path = 'docs/reference/deployment.md';
const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const away = text.slice(text.indexOf('## Taking it all away'));
const shown = blocksOf({ path, text: away })
  .flatMap(({ code }) => code.split('\n'))
  .filter((line) => line.startsWith('npx key-warden '));

let cloud: PretendCloud;
beforeEach(async () => {
  cloud = await pretendCloud({ base: () => Date.UTC(2026, 10, 1), propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
});
afterEach(() => cloud.close());

const usual = {
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
};
const type = (words: readonly string[], environment: Readonly<Record<string, string>> = usual) =>
  run(words, {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, ...environment },
    clock: {
      now: () => instantOf(cloud.clock.now()),
      sleep: (milliseconds) => cloud.advance(milliseconds),
    },
  });
/** The line of the page that runs a command, with the name of a secret in the place that the page leaves open. */
const lineOf = (command: string, secret = '') =>
  (shown.find((line) => line.startsWith(`npx key-warden ${command} `)) ?? '-')
    .replace('npx key-warden ', '')
    .replace('PROJECT_ID', SHOWCASE_PROJECT)
    .replace(/BEFORE_PROMOTION|DRAINING/, secret)
    .split(' ');
const madeByUs = () => cloud.keyring.all().filter(({ annotations }) => 'key-warden-rotation' in annotations);

test('the commands of the page are those that the rehearsal runs', () => {
  expect(shown.map((line) => line.split(' ')[2])).toEqual(['status', 'abort', 'resume', 'purge', 'forget']);
});

test('taken away with a rotation in each state, no key is left that nobody reads (I5)', async () => {
  const alive = () => cloud.keyring.all().filter(({ deletedAt }) => deletedAt === undefined);
  const before = alive().length;
  await type(['rotate', '--secret', 'search-app', '--service-account', ACCOUNT]);
  await cloud.advance(30 * HOUR_MS);
  await type(['resume', '--secret', 'search-app']); // at rest, its old key in the ledger
  await type(['rotate', '--secret', 'chat-app', '--standard']); // drains
  cloud.faults.plant({ path: ':addVersion' }, 20, {
    act: 'answer',
    reply: { status: 503, body: { error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } } },
  });
  await type(['rotate', '--secret', 'batch-jobs', '--service-account', ACCOUNT]); // its key is minted and not written
  cloud.faults.clear();
  expect(madeByUs().map(({ deletedAt }) => deletedAt)).toEqual([undefined, undefined, undefined]);

  expect((await type(lineOf('status'))).out).toContain('batch-jobs');
  expect(await type(lineOf('abort', 'batch-jobs'))).toMatchObject({ code: 0 });
  await cloud.advance(30 * HOUR_MS);
  // A release with other settings goes on with what the one before it began.
  const later = { ...usual, KEY_WARDEN_RETENTION_DAYS: '1', KEY_WARDEN_DESTROY_AFTER_DAYS: '1' };
  expect(await type(lineOf('resume', 'chat-app'), later)).toMatchObject({
    code: 0,
    out: expect.stringContaining('at rest'),
  });
  let purged = '';
  for (let days = 0; days < 10 && !purged.includes('nothing awaits deletion'); days += 1) {
    await cloud.advance(26 * HOUR_MS);
    purged = (await type(lineOf('purge'), later)).out;
  }
  expect(purged).toContain('nothing awaits deletion');
  expect(await type(lineOf('forget'), later)).toMatchObject({
    code: 0,
    out: expect.stringContaining('6 secrets: 6 forgotten'),
  });
  expect((await type(lineOf('status'), later)).out).not.toContain('search-app');

  expect(alive().length).toBe(before); // counted, not shown: a failure would print keys
  const left = madeByUs().filter(({ deletedAt }) => deletedAt === undefined);
  expect(left.map(({ displayName }) => displayName).toSorted()).toEqual([
    'chat-app (2026-11-02)',
    'search-app (2026-11-01)',
  ]);
  for (const secret of ['search-app', 'chat-app', 'batch-jobs']) {
    const { out } = await type(['check', '--secret', secret, '--json']);
    expect({ secret, out }).toMatchObject({
      out: expect.stringMatching(secret === 'batch-jobs' ? /"version": 1/ : /"cause": "ok"/),
    });
  }
});
