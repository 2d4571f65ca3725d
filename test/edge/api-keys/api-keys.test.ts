import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import type { Issuer } from '../../../src/app/ports/ports.ts';
import { apiKeysIssuer } from '../../../src/edge/api-keys/api-keys.ts';
import { BUSY, CREATED, DELETED, issuing, keyBody, NAME, TWICE, UID } from '../../support/scripted-issuer.ts';
import { refusal } from '../../support/scripted-vault.ts';

const KEY = 'AI' + 'za' + 'k'.repeat(35);

describe('looking at a key', () => {
  test('gives what the issuer knows of it, and never a key string', async () => {
    const body = keyBody({
      displayName: 'gemini',
      restrictions: { serverKeyRestrictions: { allowedIps: ['1.2.3.4'] } },
      annotations: { a: 'b', odd: 1 },
      serviceAccountEmail: 'a@b',
      deleteTime: DELETED,
      keyString: KEY,
      etag: 'W/"x"',
    });
    const { outcome, heard } = await issuing([{ body }], (issuer) => issuer.look(NAME));
    expect(outcome).toEqual({
      name: NAME,
      uid: UID,
      displayName: 'gemini',
      restrictions: { serverKeyRestrictions: { allowedIps: ['1.2.3.4'] } },
      annotations: { a: 'b' },
      serviceAccountEmail: 'a@b',
      createdAt: Date.parse(CREATED),
      deletedAt: Date.parse('2026-11-20T10:00:00.123Z'),
    });
    expect(heard).toMatchObject([{ method: 'GET', path: `/v2/${NAME}`, query: {} }]);
  });

  test('takes what was left out as empty', async () => {
    const { outcome } = await issuing([{ body: keyBody() }], (issuer) => issuer.look(NAME));
    expect(outcome).toEqual({
      name: NAME,
      uid: UID,
      displayName: '',
      restrictions: {},
      annotations: {},
      createdAt: Date.parse(CREATED),
    });
  });

  test.each(['name', 'uid', 'createTime'])('without %s is not believed', async (field) => {
    const { outcome } = await issuing([{ body: keyBody({ [field]: undefined }) }], (issuer) => issuer.look(NAME));
    expect(outcome).toMatchObject({
      code: 'unavailable',
      message: 'The API Keys API answered with an incomplete key. Try again.',
    });
  });

  test('with a deletion at no readable time is not believed: it must not pass for alive', async () => {
    const { outcome } = await issuing([{ body: keyBody({ deleteTime: 'then' }) }], (issuer) => issuer.look(NAME));
    expect(outcome).toMatchObject({ code: 'unavailable' });
  });

  test('is repeated while Google is busy, and ends with the last trouble', async () => {
    const lines = Array.from({ length: 9 }, () => BUSY);
    const { outcome, heard, slept } = await issuing(lines, (issuer) => issuer.look(NAME));
    expect(outcome).toMatchObject({ code: 'unavailable' });
    expect(heard).toHaveLength(4);
    expect(slept).toEqual([250, 500, 1000]);
  });

  test('ends at the time limit of its own', async () => {
    const { outcome } = await issuing(['hang'], (issuer) => issuer.look(NAME), {
      callMs: 20,
      retries: { ...TWICE, attemptsMax: 1 },
    });
    expect(outcome).toMatchObject({ code: 'timeout' });
  });

  test.each([
    ['projects/1/locations/europe-west1/keys/a', '"projects/1/locations/europe-west1/keys/a"'],
    [KEY, '"[redacted key]"'],
  ])('of no key’s name is refused before anything is sent', async (name, shown) => {
    const { outcome, heard } = await issuing([], (issuer) => issuer.look(name));
    expect(outcome).toMatchObject({
      code: 'invalid',
      message: `${shown} is not the name of an API key. Write projects/<project>/locations/global/keys/<key id>.`,
    });
    expect(heard).toEqual([]);
  });
});

describe('the key string', () => {
  test('is asked for by name and comes as a text that does not print', async () => {
    const { outcome, heard } = await issuing([{ body: { keyString: KEY } }], (issuer) => issuer.keyString(NAME));
    expect(outcome).toMatchObject({ kind: 'standard' });
    expect(String(outcome)).toBe('[redacted key]');
    expect(heard).toMatchObject([{ method: 'GET', path: `/v2/${NAME}/keyString` }]);
  });

  test.each([{}, { keyString: '' }, { keyString: 1 }])('that is missing (%j) is said to be', async (body) => {
    const { outcome } = await issuing([{ body }], (issuer) => issuer.keyString(NAME));
    expect(outcome).toMatchObject({
      code: 'unavailable',
      message: `The API Keys API answered without the key string of ${NAME}. Try again.`,
    });
  });

  test('in an answer that broke off goes no further (I9)', async () => {
    const half = { body: `{"keyString":"${KEY}` };
    const { outcome } = await issuing([half, half], (issuer) => issuer.keyString(NAME), { retries: TWICE });
    expect(outcome).toMatchObject({ code: 'unavailable' });
    expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(KEY);
  });
});

describe('listing', () => {
  const all = (withDeleted: boolean) => (issuer: Issuer) => Array.fromAsync(issuer.list('demo-project', withDeleted));

  test('follows the pages, through errors', async () => {
    const other = keyBody({ name: NAME.replace('kw-1', 'kw-2') });
    const script = [{ body: { keys: [keyBody()], nextPageToken: 'two' } }, BUSY, { body: { keys: [other] } }];
    const { outcome, heard } = await issuing(script, all(true));
    expect(outcome).toMatchObject([{ name: NAME }, { name: other.name }]);
    const path = '/v2/projects/demo-project/locations/global/keys';
    const query = { pageSize: '100', showDeleted: 'true', pageToken: 'two' };
    expect(heard).toMatchObject([{ path, query: { pageToken: '' } }, {}, { path, query }]);
  });

  test('says when deleted keys are not wanted, and takes no keys for none', async () => {
    const { outcome, heard } = await issuing([{ body: {} }], all(false));
    expect(outcome).toEqual([]);
    expect(heard[0]?.query['showDeleted']).toBe('false');
  });

  test('that is no list is not taken for an empty one', async () => {
    const { outcome } = await issuing([{ body: { keys: 'none' } }], all(false));
    expect(outcome).toMatchObject({ code: 'unavailable' });
  });

  test('that is denied says for what project', async () => {
    const { outcome } = await issuing([refusal(403, 'PERMISSION_DENIED', 'No.')], all(false));
    expect(outcome).toMatchObject({
      code: 'denied',
      message:
        'Cannot list keys of project demo-project: Google says "No." Grant apikeys.keys.list on it, for example with ' +
        'roles/serviceusage.apiKeysViewer. The same answer is given when it does not exist.',
    });
  });
});

test('a URL that cannot be used is refused at once, and Google itself is the default', async () => {
  const { clock, random } = { clock: { now: () => 0 as never, sleep: () => Promise.resolve() }, random: () => 0 };
  expect(() => apiKeysIssuer({ url: 'http://x.example', clock, random })).toThrow('The API Keys URL is plain http');
  await apiKeysIssuer({ clock, random }).close();
});
