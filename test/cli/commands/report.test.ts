import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { showcaseCommand, type ShowcaseCommand } from '../../support/showcase-command.ts';

const DAY_MS = 86_400_000;
let cloud: ShowcaseCommand['cloud'];
let on: ShowcaseCommand['type'];

beforeAll(async () => {
  ({ cloud, type: on } = await showcaseCommand());
});
afterAll(() => cloud.close());

/** A line as the worker's functions write it. */
const logged = (fields: Readonly<Record<string, unknown>>) =>
  cloud.logging.take(SHOWCASE_PROJECT, JSON.stringify({ severity: 'INFO', message: 'm', ...fields }));

const SECRET = 'projects/563875450483/secrets/search-app';

test('a time that cannot be is refused, and so are two forms at once', async () => {
  for (const [words, why] of [
    ['--from yesterday', /--from: a time such as 30d/],
    ['--from 2026-11-24 --to 2026-11-01', /--from must lie before --to/],
    ['--from 2026-11-01 --to 2027-11-01', /--to lies ahead/],
    ['--from 30d --log-view somewhere', /--log-view: projects\/PROJECT/],
    ['--from 30d --json --csv', /one of them/],
  ] as const) {
    const { code, out, err } = await on(`report ${words}`);
    expect([code, /--json/.test(words) ? out : err]).toEqual([2, expect.stringMatching(why)]);
  }
});

test('a rotation is told with who asked, and the death of its key is proven', async () => {
  await on('rotate search-app');
  await cloud.advance(3 * DAY_MS);
  await on('resume search-app');
  for (let step = 0; step < 2; step += 1) {
    await cloud.advance(8 * DAY_MS);
    await on('purge');
  }
  const { out, code } = await on('report search-app --from 20d', 60);
  expect(code).toBe(0);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  const plain = out.replaceAll(/\n\s+/g, ' ');
  expect(plain).toContain('1 key, 1 rotation, 0 exceptions, 0 open leaks');
  expect(plain).toContain('nothing that was logged or is remembered is missing');
  expect(plain).toContain('jane (claimed) · request');
  expect(plain).toContain('old key dead, proven dead (deleted 2026-12-05 09:00 UTC, refused 2026-12-13 09:00 UTC)');
  expect(plain).toContain('PCI DSS v4.0.1 8.6.3');
  expect(plain).not.toContain('.000Z');
});

test('what the log says is joined, also as a table and as JSON; two reports of one time are alike', async () => {
  const at = cloud.clock.now();
  logged({
    notice: {
      type: 'rotation.completed',
      secret: SECRET,
      rotation: 'kw-0',
      reason: 'leaked',
      from: 7,
      to: 8,
      openedAt: at,
      by: { who: 'ci@example.com', is: 'verified' },
    },
  });
  logged({ oldKey: { did: 'deleted', secret: SECRET, version: 7, key: 'k' } });
  logged({ approval: { secret: SECRET, rotation: 'kw-0', by: { who: 'bob@example.com', is: 'verified' } } });
  logged({ notice: { type: 'silence.set', secret: SECRET, owner: 'ops', reason: 'a move', until: at + DAY_MS, at } });
  logged({ oldKey: { did: 'deleted', secret: 'projects/563875450483/secrets/gone', version: 7, key: 'k' } });
  await cloud.advance(1000);
  const json = await on('report --from 20d --json');
  expect(JSON.parse(json.out)).toMatchObject({
    rotations: expect.arrayContaining([
      expect.objectContaining({
        rotation: 'kw-0',
        who: 'ci@example.com',
        whoIs: 'verified',
        approvedBy: 'bob@example.com',
        knownFrom: 'log',
      }),
    ]),
    notAmongKeys: ['projects/563875450483/secrets/gone'],
  });
  expect((await on('report --from 20d --json')).out.replaceAll(/"(?:at|to|from)": .*/g, '')).toBe(
    json.out.replaceAll(/"(?:at|to|from)": .*/g, ''),
  );
  const table = (await on('report --from 20d --csv')).out.split('\r\n');
  expect(table[0]).toMatch(/^row,about,id,/);
  for (const row of ['report,', 'control,', 'log,projects/demo-project,', 'key,', 'rotation,', 'exception,'])
    expect(table.filter((line) => line.startsWith(row)).length).toBeGreaterThan(0);
  expect(table.find((line) => line.includes(',kw-0,'))).toContain(',ci@example.com,verified,bob@example.com,');
  const text = (await on('report --from 20d')).out;
  expect(text.replaceAll(/\n\s+/g, ' ')).toContain(
    'ci@example.com (verified) · approved by bob@example.com (verified) · leaked',
  );
  expect(text).toContain('in the log, and not among these keys: gone');
  expect(text).toMatch(/emergency {2}search-app · since .* · by ci@example.com \(verified\)/);
  expect(text).toMatch(/silence {2}search-app · since .* · until .* · owner ops · a move/);
});

test('what lies further back than the log is said, and ends with 3', async () => {
  const { out, code } = await on('report search-app --from 90d');
  expect(code).toBe(3);
  expect(out).toContain('something of the time may be missing');
  expect(out).toContain('keeps nothing from the beginning of the time');
});

test('a log that nobody may read, or whose bucket is not there, is said', async () => {
  const view = 'projects/demo-project/locations/global/buckets/kept/views/_AllLogs';
  const { out, code } = await on(`report search-app --from 20d --log-view ${view}`);
  expect(code).toBe(3);
  expect(out).toContain(`the log ${view} was read; how far back it goes is not known`);
  const other = await on('report search-app --from 20d --log-project not-there');
  expect(other.out).toContain('the log projects/not-there was not read');
});

test('an open leak ends it with 5, and nothing found with 3', async () => {
  await on('rotate chat-app --emergency');
  const { out, code } = await on('report --from 20d');
  expect(code).toBe(5);
  expect(out).toMatch(/open leak {2}version \d+ of chat-app, since .* UTC/);
  expect((await on('report --from 20d --csv')).out).toContain('open leak,projects/');
  expect((await on('report --from 20d --project empty-project')).code).toBe(3);
});
