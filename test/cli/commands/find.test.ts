import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;

const PROJECTS = { 'search-prod': '111111111111', 'ads-prod': '222222222222' };
const KEY = `AIza${'k'.repeat(35)}`;
const OTHER = `AIza${'o'.repeat(35)}`;
const NOWHERE = `AIza${'n'.repeat(35)}`;

beforeAll(async () => {
  cloud = await pretendCloud({ projects: PROJECTS });
});

beforeEach(() => {
  cloud.reset();
  const managed = { labels: { 'key-warden': 'managed' }, aliases: { current: 1 } };
  cloud.secrets.seed({ project: 'search-prod', secretId: 'search-app', payloads: [KEY, OTHER], ...managed });
  cloud.secrets.seed({ project: 'ads-prod', secretId: 'ads', payloads: [JSON.stringify({ key: KEY })] });
});

afterAll(() => cloud.close());

const find = (input: string | undefined, ...more: readonly string[]) =>
  run(['find', '--from-stdin', ...more], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: Object.keys(PROJECTS).join(',') },
    ...(input === undefined ? {} : { input }),
  });

describe('find', () => {
  test('names every secret of every project that holds the key, managed or not, and ends with 0', async () => {
    const { code, out, err } = await find(`${KEY}\n`);
    expect(out).toMatchInlineSnapshot(`
      "found  the key: projects/111111111111/secrets/search-app version 1 (current)
      found  the key: projects/222222222222/secrets/ads version 1 (latest), not managed
      2 secrets looked through, 3 versions read
      "
    `);
    expect(err).toMatchInlineSnapshot(`
      "  2 secrets: a list of versions for each, and an access for each version that is enabled; 400 secrets a minute at most, so about 1 minute
      "
    `);
    expect(code).toBe(0);
  });

  test('calls each of several keys by its line, and ends with 1 when one is nowhere', async () => {
    const { code, out } = await find(`${OTHER}\r\n\n"${NOWHERE}"\n`);
    expect(out).toMatchInlineSnapshot(`
      "found  the key on line 1: projects/111111111111/secrets/search-app version 2 (latest)
      not found  the key on line 3
      2 secrets looked through, 3 versions read
      "
    `);
    expect(code).toBe(1);
  });

  test('prints one JSON object, and no byte of a key, with --json', async () => {
    const { code, out } = await find(KEY, '--json');
    expect(code).toBe(0);
    expect(out).not.toContain(KEY.slice(4));
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      schema: 'key-warden/find/v1',
      keys: [
        {
          line: 1,
          places: [
            { secret: 'projects/111111111111/secrets/search-app', version: 1, readAs: ['current'], managed: true },
            { secret: 'projects/222222222222/secrets/ads', version: 1, readAs: ['latest'], managed: false },
          ],
        },
      ],
      secrets: 2,
      versions: 3,
      notLooked: [],
    });
  });

  test('says where it did not look, and ends with 4 although the key was found elsewhere', async () => {
    cloud.faults.plant({ path: '/projects/ads-prod/secrets' }, 1, {
      act: 'answer',
      reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
    });
    const { code, out } = await find(KEY);
    expect(out).toMatch(/^not looked at {2}project ads-prod \(global\) was not listed to the end: /m);
    expect(code).toBe(4);
  });

  test('ends with 3 where it could not tell', async () => {
    const { code } = await run(['find', '--from-stdin', '--project', 'search-prod'], {
      environment: { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:9' },
      input: KEY,
    });
    expect(code).toBe(3);
  });

  test.each([
    ['nothing', undefined, /no key came on standard input; .*key-warden find --from-stdin/],
    ['empty lines', '\n \n', /no key came on standard input/],
    ['what is no key', `${KEY}\nmy-password\n\nanother one`, /no Gemini key stands on 2 lines of the input: 2, 4/],
    ['two keys on a line', `${KEY} ${OTHER}`, /no Gemini key stands on 1 line of the input: 1/],
  ])('of %s ends with 2 before any call, and repeats nothing of it', async (_, input, says) => {
    const { code, out, err } = await find(input);
    expect(code).toBe(2);
    expect(err).toMatch(says);
    expect(out + err).not.toMatch(/my-password|another one/);
    expect(cloud.requests()).toEqual([]);
  });

  test('without --from-stdin asks for a pipe: a key is no argument', async () => {
    const { code, err } = await run(['find'], { environment: { KEY_WARDEN_PROJECTS: 'search-prod' }, input: KEY });
    expect([code, err]).toEqual([2, expect.stringContaining('find --from-stdin')]);
  });
});
