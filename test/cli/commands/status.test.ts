import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import type { Clock } from '../../../src/app/ports/ports.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { run, type Surroundings } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

const TOPIC = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
let cloud: PretendCloud;
let clock: Clock;

beforeAll(async () => {
  cloud = await pretendCloud({
    base: () => Date.UTC(2026, 10, 24, 9),
    projects: { 'empty-project': '111111111111' },
  });
  setUpShowcase(cloud);
  cloud.names.add('empty-project');
  cloud.pubsub.store.createTopic({ name: TOPIC, labels: {} });
  clock = { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) };
});
afterAll(() => cloud.close());

const on = (words: string, more: Surroundings = {}) =>
  run(words.split(' '), {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      KEY_WARDEN_ALERT_TOPIC: TOPIC,
    },
    clock,
    ...more,
  });
const heartbeat = () =>
  cloud.logging.take(
    SHOWCASE_PROJECT,
    '{"severity":"INFO","heartbeat":{"expected":6,"seen":6,"listed":["demo-project/global"]}}',
  );
const json = (text: string): unknown => JSON.parse(text);

describe('before anybody has looked', () => {
  test('nothing is well: it says that no check is on record, and ends with 3', async () => {
    const before = cloud.requests().length;
    const { code, out } = await on('status');
    expect(code).toBe(3);
    expect(out).toContain('6 secrets: 6 unchecked\n');
    expect(out).toContain('no complete check is in the log since 2026-11-17');
    expect(out).toMatch(/search-app +unchecked +never/);
    const paths = cloud
      .requests()
      .slice(before)
      .map(({ path }) => path);
    expect(paths.every((path) => /\/secrets$|\/versions\/\d+$|entries:list$/.test(path))).toBe(true);
  });
});

describe('once a worker looks', () => {
  beforeAll(async () => {
    await on('check --record');
    heartbeat();
  });

  test('the totals come first, and the worst of the fleet before the well; it ends with 1', async () => {
    const { code, out } = await on('status');
    expect(code).toBe(1);
    const [totals = '', watched = '', , titles = '', first = ''] = out.split('\n');
    expect(totals).toBe('6 secrets: 4 failing · 2 well');
    expect(watched).toBe('the last complete check ended 0 s ago');
    expect(titles).toBe('SECRET       HEALTH   FOR  CHECKED  READS  KEY       AGE    DUE      WHY');
    expect(first).toMatch(/^old-app +failing .* the key was deleted$/);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^search-app +well +0 s +0 s +1 +auth +≥ 0 s +in 90 d +-$/);
  });

  test('a page says the same as the list, in one file that its owner alone may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'key-warden-page-'));
    const path = join(folder, 'new', 'status.html');
    const { code, out, err } = await on(`status --html ${path}`);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toBe(`the page is in ${path}\n`);
    const page = readFileSync(path, 'utf8');
    expect(page).toContain('<p class="lead">4 of 6 secrets are not well.</p>');
    expect(page.indexOf('old-app')).toBeLessThan(page.lastIndexOf('search-app'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const piped = await on('status --html - --failing --sort name');
    expect(piped.out).toMatch(/^<!doctype html>/);
    expect(piped.out).toContain('2 more secrets not asked for.');
    const nowhere = await on(`status --html ${path}/below`);
    expect(nowhere).toMatchObject({
      code: 4,
      err: expect.stringMatching(/could not be written .*\((ENOTDIR|EEXIST)\)/),
    });
    expect(await run(['status', '--html', ''])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--html needs a file'),
    });
    expect((await on('status --html - --json')).code).toBe(2);
    expect((await on('status --html - --watch 5')).code).toBe(2);
    rmSync(folder, { recursive: true });
  });

  test('a list can be cut down and sorted, and the exit code stays that of the fleet', async () => {
    const { code, out } = await on('status --failing --sort name');
    expect(code).toBe(1);
    expect(out).not.toContain('search-app');
    const shown = out.split('\n').filter((line) => / failing /.test(line) && !line.includes('secrets:'));
    expect(shown.map((line) => line.split(' ')[0])).toEqual(['batch-jobs', 'echoed-key', 'old-app', 'public-repo']);
    expect((await on('status --due 12h')).out).toContain('none of 6 is among those that were asked for');
    expect((await on('status --due 100d')).out).toContain('6 due within 100 d');
  });

  test.each(['age', 'due', 'checked', 'since'])('it is sorted by %s', async (by) => {
    expect((await on(`status --sort ${by}`)).out).toContain('search-app');
  });

  test('one good secret ends with 0', async () => {
    const { code } = await on('status --secret search-app');
    expect(code).toBe(0);
  });

  test('prints JSON in which an episode is whole, and what is known beside it', async () => {
    const { out } = await on('status --secret public-repo --json');
    expect(json(out)).toMatchObject({
      schema: 'key-warden/status/v1',
      totals: { failing: 1, well: 0 },
      lastCompleteCheck: '2026-11-24T09:00:00.000Z',
      secrets: [
        {
          managed: true,
          condition: 'failing',
          health: 'sick',
          episode: { cause: 'key_leaked', severity: 'critical' },
          checkedAt: '2026-11-24T09:00:00.000Z',
          key: { kind: 'unknown', madeAt: '2026-11-24T09:00:00.000Z', by: 'version' },
          due: '2027-02-22T09:00:00.000Z',
        },
      ],
      problems: [],
    });
  });

  test('prints a table for spreadsheets', async () => {
    const { code, out } = await on('status --csv');
    expect(code).toBe(1);
    const rows = out.split('\r\n');
    expect(rows[0]).toMatch(/^secret,project,condition,health,since,/);
    expect(rows).toHaveLength(8);
    expect(out).toMatch(/public-repo,demo-project,failing,sick,/);
  });

  test('looks again until Ctrl-C', async () => {
    let interrupt = (): void => undefined;
    const interrupted = () => new Promise<void>((resolve) => void (interrupt = resolve));
    let looks = 0;
    const slow: Clock = {
      now: clock.now,
      sleep(ms) {
        looks += 1;
        if (looks < 3) return clock.sleep(ms);
        interrupt();
        return new Promise<void>(() => undefined);
      },
    };
    const { code, out } = await on('status --watch', { clock: slow, interrupted });
    expect(code).toBe(1);
    expect(out.match(/again every 30 s/g)).toHaveLength(3);
  });

  test.each([
    ['status --watch --json', /--watch is for people/],
    ['status --watch 2', /a number of seconds from 5 up/],
    ['status --due soon', /--due: a time such as 14d/],
    ['status --sort size', /Allowed choices are worst/],
  ])('%s is a mistake that is named', async (words, said) => {
    const { code, out, err } = await on(words);
    expect(code).toBe(2);
    expect(out + err).toMatch(said);
  });

  test('that the log may not be read is said, and is no trouble of a key', async () => {
    cloud.faults.plant({ path: '/v2/entries:list' }, 1, {
      act: 'answer',
      reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
    });
    const { code, out } = await on('status --secret search-app');
    expect(code).toBe(0);
    expect(out).toContain('it takes logging.logEntries.list, which roles/logging.viewer holds');
    expect(out).toMatch(/search-app +well +1 min +\?/);
  });

  test('a worker that has stopped is no good news', async () => {
    await cloud.advance(2 * 3_600_000);
    const { code, out } = await on('status --secret search-app');
    expect(code).toBe(3);
    expect(out).toMatch(/search-app +unwatched .*no complete check saw it lately/);
  });
});

test('where nothing is found, that is not 0', async () => {
  const { code, out } = await on('status --project empty-project');
  expect(code).toBe(3);
  expect(out).toContain('no managed secret was found');
});

test('names what it could not look at and ends with 4', async () => {
  const { code, out } = await on('status --secret ghost');
  expect(code).toBe(4);
  expect(out).toContain('problem');
});
