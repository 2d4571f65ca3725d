import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../support/captured.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

const KEY = `AIza${'k'.repeat(35)}`;
const OTHER = `AIza${'o'.repeat(35)}`;
let cloud: TestCloud;

beforeAll(async () => {
  cloud = await testCloud();
  const seed = (secretId: string, ...payloads: string[]) =>
    cloud.secrets.seed({ project: 'test-proj', secretId, payloads, aliases: { current: 1 } });
  seed('bare', `${KEY}\n`, OTHER);
  seed('two', JSON.stringify({ a: KEY, b: OTHER }));
  seed('none', 'hunter2-password');
});
afterAll(() => cloud.close());

const get = (words: readonly string[], width?: number) =>
  run(['get', ...words], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: 'test-proj' },
    ...(width === undefined ? {} : { width }),
  });

test('into a pipe goes the key alone, of the version that consumers read', async () => {
  expect(await get(['--secret', 'bare'])).toEqual({ code: 0, out: `${KEY}\n`, err: '' });
  expect(await get(['bare'])).toEqual({ code: 0, out: `${KEY}\n`, err: '' });
  expect(await get(['--secret', 'bare', '--at', 'latest'])).toEqual({ code: 0, out: `${OTHER}\n`, err: '' });
  expect(await get(['--secret', 'two', '--field', '/b'])).toEqual({ code: 0, out: `${OTHER}\n`, err: '' });
});

test('onto a screen it goes only where that is asked for', async () => {
  const { code, out, err } = await get(['--secret', 'bare'], 80);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('the key would stand on your screen; pipe it to what needs it, or add --show');
  expect(await get(['--secret', 'bare', '--show'], 80)).toMatchObject({ code: 0, out: `${KEY}\n` });
});

test.each([
  ['two', 1, 'version 1 holds 2 keys (in /a, /b): name one with --field'],
  ['none', 1, 'version 1 holds nothing that looks like a Gemini key\n'],
  ['nowhere', 4, 'not found'],
])('of %s nothing is printed but why, and no byte of a value', async (secret, code, why) => {
  const got = await get(['--secret', secret]);
  expect(got).toMatchObject({ code, out: '' });
  expect(got.err).toContain(why);
  expect(got.err).not.toMatch(/hunter2|AIza/);
});

test('a secret has to be named', async () => {
  expect(await get([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('name one secret') });
});
