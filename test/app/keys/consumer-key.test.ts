import { expect, test } from '@jest/globals';
import { consumerKey } from '../../../src/app/keys/consumer-key.ts';
import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import { memoryVault, type NewSecret } from '../../support/twins/memory-vault.ts';

const KEY = `AIza${'k'.repeat(35)}`;
const OTHER = `AIza${'o'.repeat(35)}`;
const TWO = JSON.stringify({ gemini: KEY, maps: OTHER });
const policy = (fields: string): NewSecret => ({ annotations: { 'key-warden.policy': fields } });

/** What a consumer gets of a value, how it was asked for, and the calls that it took. */
async function given(value: string, { fields = {}, field }: { fields?: NewSecret; field?: string } = {}) {
  const vault = memoryVault();
  const secret = vault.create({ project: 'p', location: 'global' }, 'app', fields);
  await vault.add(secret, new TextEncoder().encode(value));
  const before = vault.calls.length;
  const found = await consumerKey({ vault }, { secret, readAs: 'latest', field });
  const calls = vault.calls.slice(before);
  return { ...found, calls, text: found.is === 'key' ? found.key.reveal() : found.says };
}

test.each([KEY, `${KEY}\n`, JSON.stringify({ key: KEY }), `GEMINI_API_KEY="${KEY}"\n`])(
  'a consumer gets the key alone, whatever stands around it, for one access',
  async (value) => {
    expect(await given(value)).toMatchObject({ is: 'key', version: 1, text: KEY, calls: ['read'] });
  },
);

test('of several keys the one in the field that it names, or that the policy on the secret names', async () => {
  expect(await given(TWO, { field: '/maps' })).toMatchObject({ is: 'key', text: OTHER, calls: ['read'] });
  const named = await given(TWO, { fields: policy('{"v":1,"keyField":"/gemini"}') });
  expect(named).toMatchObject({ is: 'key', text: KEY, calls: ['read', 'look'] });
});

test.each([
  ['no policy is there', {}],
  ['the policy names no field', policy('{"v":1,"drainHoursMin":12}')],
  ['the policy cannot be read', policy('{')],
])('of several keys none where %s, and the fields are said', async (_, fields) => {
  const found = await given(TWO, { fields });
  expect(found).toMatchObject({
    is: 'none',
    text: 'version 1 holds 2 keys (in /gemini, /maps): name one with --field',
  });
});

test('a consumer that may read no metadata is told to name the field itself', async () => {
  const vault = memoryVault();
  const secret = vault.create({ project: 'p', location: 'global' }, 'app', policy('{"v":1,"keyField":"/gemini"}'));
  await vault.add(secret, new TextEncoder().encode(TWO));
  vault.failNext('look', new Fault('denied', 'no'));
  expect(await consumerKey({ vault }, { secret, readAs: 'latest' })).toMatchObject({ is: 'none' });
});

test('a value without a key gives none, and no byte of it', async () => {
  const found = await given('hunter2-password');
  expect(found.is).toBe('none');
  expect(found.text).not.toContain('hunter2');
});

test('what cannot be read is outside trouble', async () => {
  const vault = memoryVault();
  const secret = vault.create({ project: 'p', location: 'global' }, 'app');
  const trouble = await attempt(() => consumerKey({ vault }, { secret, readAs: 'current' }));
  expect(trouble).toMatchObject({ code: 'not_found' });
});
