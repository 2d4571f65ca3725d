import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/core/values/time.ts';
import { answerWithStatus } from '../../src/emulator/wire/faults.ts';
import type { KeyState } from '../../src/emulator/world/key-states.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run, type Captured } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

let cloud: PretendCloud;
let current: string;

beforeAll(async () => {
  cloud = await pretendCloud({ projects: { [SHOWCASE_PROJECT]: NUMBER } });
});

beforeEach(() => {
  cloud.reset();
  setUpShowcase(cloud);
  current = key('works');
  cloud.secrets.seed({
    project: SHOWCASE_PROJECT,
    secretId: 'app-key',
    payloads: [current],
    labels: { 'key-warden': 'managed' },
    aliases: { current: 1 },
  });
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'strangers', payloads: [key('works')] });
});

afterAll(() => cloud.close());

const NUMBER = '123456789012';
const BOM = '\u{feff}';

/** A key that answers like this. */
function key(state: KeyState): string {
  const text = cloud.identities.keyString('standard');
  cloud.keyring.put(text, state, { project: NUMBER }, cloud.clock.now());
  return text;
}

const rotate = (input: string | undefined, ...more: readonly string[]): Promise<Captured> =>
  run(['rotate', '--from-stdin', ...more], {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    },
    ...(input === undefined ? {} : { input }),
  });

/** Everything that was asked of Google and could have changed something; a generated token changes nothing. */
const writes = () =>
  cloud.requests().filter(({ method, path }) => method !== 'GET' && !path.endsWith(':generateContent'));

const sendsNoKey = () => expect(cloud.requests().filter(({ api }) => api === 'gemini')).toEqual([]);

describe('a supplied key that cannot be used is refused with the cause and the cure, and nothing is written', () => {
  test.each<[string, () => string, RegExp]>([
    ['empty', () => '', /the value is empty or only white space/],
    ['only white space', () => ' \n\t', /the value is empty or only white space/],
    ['with a trailing newline', () => `${key('works')}\n`, /it ends in a newline/],
    ['with the line end of Windows', () => `${key('works')}\r\n`, /it ends in a newline/],
    ['in double quotes', () => `"${key('works')}"`, /quotes/],
    ['in single quotes', () => `'${key('works')}'`, /quotes/],
    ['behind a byte order mark', () => `${BOM}${key('works')}`, /byte order mark/],
    [
      'as a line of a .env file',
      () => `GEMINI_API_KEY=${key('works')}`,
      /the name of a variable or header in front of the key/,
    ],
    ['several at once', () => `${key('works')}\n${key('works')}`, /holds 2 keys/],
    [
      'a service account’s JSON',
      () => JSON.stringify({ type: 'service_account', private_key_id: 'x' }),
      /service.account/,
    ],
  ])('%s, without being sent anywhere', async (_, text, cause) => {
    const { code, out, err } = await rotate(text(), '--secret', 'app-key');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(cause);
    expect(err).toContain('nothing was written');
    expect(err).toContain('printf %s "$KEY"');
    expect(writes()).toEqual([]);
    sendsNoKey();
  });

  test('the one that consumers read already', async () => {
    const { code, err } = await rotate(current, '--secret', 'app-key');
    expect(code).toBe(1);
    expect(err).toContain('this is the key that consumers read already (version 1)');
    expect(writes()).toEqual([]);
    sendsNoKey();
  });

  test.each<[KeyState, string]>([
    ['invalid', 'Google does not know this key'],
    ['expired', 'the key has expired'],
    ['leaked', 'the key was reported as leaked'],
    ['restricted_ip', 'the key may not be used from this address'],
    ['restricted_api', 'the key may not call the Gemini API'],
    ['service_disabled', 'the Gemini API is off in the project'],
    ['quota_zero', 'the quota is zero'],
  ])('one that Google answers with %s', async (state, cause) => {
    const { code, err } = await rotate(key(state), '--secret', 'app-key');
    expect(code).toBe(1);
    expect(err).toContain(`nothing was written: ${cause}`);
    expect(writes()).toEqual([]);
  });

  test.each<[KeyState, string]>([
    ['rate_limited', 'too many requests just now'],
    ['internal_error', 'an error inside Google'],
  ])('one that could not be judged, because Google answers with %s', async (state, cause) => {
    const { code, err } = await rotate(key(state), '--secret', 'app-key');
    expect(code).toBe(3);
    expect(err).toContain(`nothing was written; try again: ${cause}`);
    expect(writes()).toEqual([]);
  });

  test('none at all, because nothing was piped in', async () => {
    const { code, err } = await rotate(undefined, '--secret', 'app-key');
    expect(code).toBe(2);
    expect(err).toContain('printf %s "$KEY" | key-warden rotate --secret');
    expect(cloud.requests()).toEqual([]);
  });
});

describe('a secret that cannot be rotated is refused before the key is written anywhere', () => {
  test('unknown', async () => {
    const { code, err } = await rotate(key('works'), '--secret', 'no-such-app');
    expect(code).toBe(4);
    expect(err).toContain('no-such-app');
    expect(writes()).toEqual([]);
    sendsNoKey();
  });

  test('not under care', async () => {
    const { code, err } = await rotate(key('works'), '--secret', 'strangers');
    expect(code).toBe(4);
    expect(err).toContain('it is not under care: key-warden init --secret');
    expect(writes()).toEqual([]);
  });

  test('in no project', async () => {
    const { code, err } = await run(['rotate', '--from-stdin', '--secret', 'app-key'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url },
      input: key('works'),
    });
    expect(code).toBe(4);
    expect(err).toContain('KEY_WARDEN_PROJECTS');
    expect(cloud.requests()).toEqual([]);
  });

  test('not named, or named with another', async () => {
    const two = ['--secret', 'app-key', '--secret', 'strangers'];
    for (const words of [[], two, ['--secret', 'app-key', 'strangers']]) {
      expect((await rotate(key('works'), ...words)).code).toBe(2);
    }
    expect(cloud.requests()).toEqual([]);
  });
});

test('no byte of a refused key is printed (I9)', async () => {
  for (const state of ['works', 'invalid', 'leaked', 'restricted_ip'] as const) {
    const text = key(state);
    for (const input of [text, `${text}\n`, `"${text}"`, `${text} ${text}`]) {
      const { out, err } = await rotate(input, '--secret', 'strangers');
      expect(`${out}${err}`).not.toContain(text.slice(6, 30));
    }
  }
});

test('the same command may be given again: once the key was promoted it is done already, and nothing is written', async () => {
  const text = key('works');
  expect(await rotate(text, '--secret', 'app-key')).toMatchObject({
    code: 0,
    out: expect.stringContaining('under way'),
  });
  const before = writes().length;
  for (const more of [[], ['--dry-run']]) {
    const again = await rotate(text, '--secret', 'app-key', ...more);
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/^already done {2}.*still under way\)\n$/) });
  }
  const asJson = await rotate(text, '--secret', 'app-key', '--dry-run', '--json');
  expect(JSON.parse(asJson.out)).toMatchObject({ schema: 'key-warden/turn/v1', code: 0, outcome: 'already_done' });
  expect(writes()).toHaveLength(before);
});

test('a supplied key that cannot be written yet is not left behind: the process that holds it stays, also without --wait', async () => {
  cloud.faults.plant({ method: 'POST', pathPattern: /:addVersion$/ }, 1, {
    act: 'answer',
    reply: answerWithStatus(503),
  });
  const { code, out, err } = await run(['rotate', '--from-stdin', '--secret', 'app-key'], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT },
    input: key('works'),
    clock: { now: () => instantOf(cloud.clock.now()), sleep: (milliseconds) => cloud.advance(milliseconds) },
  });
  expect(err).toMatch(/waiting until .*next look/);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^under way .* kept while consumers take up/) });
});
