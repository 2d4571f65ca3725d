import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { writeHistory } from '../../support/annotations.ts';
import { showcaseCommand, type ShowcaseCommand } from '../../support/showcase-command.ts';

const DAY_MS = 86_400_000;
let cloud: ShowcaseCommand['cloud'];
let clock: ShowcaseCommand['clock'];
let on: ShowcaseCommand['type'];

beforeAll(async () => {
  ({ cloud, clock, type: on } = await showcaseCommand());
});
afterAll(() => cloud.close());
const json = (text: string): unknown => JSON.parse(text);

test('nothing rotated is said, and is fine', async () => {
  const { code, out } = await on('history');
  expect(code).toBe(0);
  expect(out).toBe('no rotation of 6 secrets is on record\n');
});

test('a rotation is told from who asked to the proof that the old key is dead', async () => {
  await on('rotate search-app');
  expect((await on('history search-app')).out).toMatch(/search-app {2}.* · under way · version 1 → 2 · kw-/);
  await cloud.advance(3 * DAY_MS);
  await on('resume search-app');
  const kept = await on('history search-app');
  expect(kept.code).toBe(0);
  expect(kept.out).toMatch(/search-app {2}2026-11-27 \d\d:\d\d UTC · completed · version 1 → 2 ·/);
  expect(kept.out).toContain('who      jane (claimed)');
  expect(kept.out).toMatch(/old key {2}version 1 is disabled; its key is kept until 2026-12-04 \d\d:\d\d UTC/);
  for (let step = 0; step < 2; step += 1) {
    await cloud.advance(8 * DAY_MS);
    await on('purge');
  }
  const { out } = await on('history search-app --json');
  expect(json(out)).toMatchObject({
    schema: 'key-warden/history/v1',
    rotations: [
      {
        outcome: 'completed',
        reason: 'request',
        by: { who: 'jane', is: 'claimed' },
        from: 1,
        to: 2,
        oldKey: { is: 'dead', deletedAt: expect.any(String), provenDeadAt: expect.any(String) },
      },
    ],
    notRemembered: [],
    problems: [],
  });
});

test('a period leaves older ones out, and a table is printed for spreadsheets', async () => {
  expect((await on('history --since 1d')).out).toBe('no rotation of 6 secrets is on record\n');
  const { out } = await on('history --since 2026-11-01 --csv');
  expect(out.split('\r\n')[0]).toMatch(/^secret,rotation,/);
  expect(out).toMatch(/search-app,kw-.*,completed,request,jane \(claimed\),1,2,.*,dead,2026-/);
  expect((await on('history --since yesterday')).code).toBe(2);
});

test('that older ones are forgotten is said, and what cannot be read as well', async () => {
  const past = (number: number) =>
    ({
      id: `kw-${number}`,
      reason: 'age',
      outcome: 'completed',
      from: number,
      to: number + 1,
      at: clock.now(),
    }) as const;
  const five = [1, 2, 3, 4, 5].map(past);
  for (const [secretId, text] of [
    ['full', writeHistory(five) ?? ''],
    ['odd', 'by hand'],
  ] as const)
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId,
      payloads: ['x'],
      labels: { 'key-warden': 'managed' },
      annotations: { 'key-warden.history': text },
    });
  const { code, out, err } = await on('history full odd');
  expect(code).toBe(3);
  expect(out).toContain('who      the worker by itself');
  expect(out).toContain('full remembers 5 rotations, and older ones are in the log alone');
  expect(err).toContain('odd: its history is in a form that this release does not read');
});

test('where nothing is found, that is not 0', async () => {
  expect(await on('history --project empty-project')).toMatchObject({ code: 3, out: 'no managed secret was found\n' });
  expect((await on('history ghost')).code).toBe(4);
});
