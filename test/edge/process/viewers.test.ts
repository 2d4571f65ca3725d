import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ViewerRule } from '../../../src/core/settings/page-settings.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { viewerCheck } from '../../../src/edge/process/viewers.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

const AUDIENCE = '/projects/123456789012/locations/europe-west1/services/key-warden-status-page';
const RULE: ViewerRule = { verify: true, audience: AUDIENCE, viewers: [] };
const JANE = 'jane@example.com';
const now = () => instantOf(Date.now());

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterAll(() => cloud.close());

const asserted = (claims: Readonly<Record<string, unknown>> = {}) => cloud.oidc.iapAssertion(JANE, AUDIENCE, claims);
const check = (assertion: string | undefined, rule = RULE) => viewerCheck(rule, cloud.url, now)(assertion);
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('whoever IAP lets in', () => {
  test('may look, and is known by the verified email', async () => {
    expect(await check(asserted())).toEqual({
      allowed: true,
      caller: JANE,
      by: { who: JANE, is: 'verified' },
      mayEmergency: false,
    });
  });

  test.each([
    ['by email, in whatever letters', ['Jane@example.com'.toLowerCase()], 'Jane@Example.com', true],
    ['by domain', ['@example.com'], JANE, true],
    ['not by the end of another domain', ['@example.com'], 'jane@evil-example.com', false],
    ['not by a part of an email', ['jane@example.com'], 'mary.jane@example.com', false],
    ['not who is on no list', ['john@example.com'], JANE, false],
  ])('may be narrowed to a list: %s', async (_, viewers, email, allowed) => {
    const verdict = await check(cloud.oidc.iapAssertion(email, AUDIENCE), { ...RULE, viewers });
    expect(verdict).toMatchObject(allowed ? { allowed } : { allowed, status: 403 });
  });
});

describe('nobody else is let in', () => {
  test.each([
    ['without an assertion', () => undefined],
    ['with an empty one', () => ''],
    ['with what is no JWT', () => 'x.y'],
    ['with one for another resource', () => cloud.oidc.iapAssertion(JANE, '/projects/1/global/backendServices/2')],
    ['with one of another issuer', () => asserted({ iss: 'https://accounts.google.com' })],
    ['with one that has run out', () => asserted({ iat: inSeconds(-900), exp: inSeconds(-60) })],
    ['with one that does not hold yet', () => asserted({ iat: inSeconds(120), exp: inSeconds(700) })],
    ['with one that holds for years', () => asserted({ exp: inSeconds(1e8) })],
    [
      'with a changed claim',
      () => asserted().replace(/\.[\w-]+\./, `.${part({ ...claims(), email: 'ceo@example.com' })}.`),
    ],
    ['with a cut signature', () => asserted().slice(0, -6)],
    ['with an ID token of Google’s, which is signed for something else', () => cloud.oidc.idToken(JANE, AUDIENCE)],
    ['with one that is not signed', () => `${part({ alg: 'none', kid: 'pretend-iap-1' })}.${part(claims())}.`],
  ])('%s', async (_, assertion) => {
    expect(await check(assertion())).toMatchObject({ allowed: false, status: 401 });
  });

  test('with a signature made from the public key, which anybody has', async () => {
    const pems = (await cloud.ask('GET', '/iap/verify/public_key')).json() as Record<string, string>;
    const signed = `${part({ alg: 'HS256', kid: 'pretend-iap-1' })}.${part(claims())}`;
    const forged = `${signed}.${createHmac('sha256', pems['pretend-iap-1'] ?? '')
      .update(signed)
      .digest('base64url')}`;
    expect(await check(forged)).toMatchObject({ allowed: false, status: 401 });
  });

  test('with an assertion that names nobody', async () => {
    expect(await check(asserted({ email: undefined }))).toMatchObject({
      status: 403,
      why: 'the assertion names nobody',
    });
    expect(await check(asserted({ email: '' }))).toMatchObject({ status: 403 });
  });

  const claims = () => ({
    iss: 'https://cloud.google.com/iap',
    aud: AUDIENCE,
    email: JANE,
    iat: inSeconds(0),
    exp: inSeconds(600),
  });
});

describe('the keys of IAP', () => {
  const fetched = () => cloud.requests().filter(({ path }) => path === '/iap/verify/public_key').length;

  test('are fetched once an hour, and for a key that is new once a minute', async () => {
    let time = Date.now();
    const checked = viewerCheck(RULE, cloud.url, () => instantOf(time));
    const before = fetched();
    for (const _ of [1, 2, 3]) await checked(asserted());
    expect(fetched() - before).toBe(1);
    const [, body = '', signature = ''] = asserted().split('.');
    const unknown = `${part({ alg: 'ES256', kid: 'a new one' })}.${body}.${signature}`;
    for (const _ of [1, 2, 3]) expect(await checked(unknown)).toMatchObject({ status: 401 });
    expect(fetched() - before).toBe(1);
    time += 61_000;
    for (const _ of [1, 2, 3]) await checked(unknown);
    expect(fetched() - before).toBe(2);
    time += 3_601_000;
    await checked(asserted());
    expect(fetched() - before).toBe(3);
  });

  test('that cannot be fetched let nobody in, and say so', async () => {
    const checked = viewerCheck(RULE, 'http://127.0.0.1:9', now);
    expect(await checked(asserted())).toMatchObject({ allowed: false, status: 503 });
  });

  test('that do not come are not waited for', async () => {
    const hanging = createServer(() => undefined);
    hanging.listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await viewerCheck(RULE, `http://127.0.0.1:${port}`, now, 50)(asserted())).toMatchObject({ status: 503 });
    hanging.closeAllConnections();
    hanging.close();
  });
});

test('anybody may look only where a setting says so', async () => {
  expect(await viewerCheck({ verify: false }, undefined, now)(undefined)).toMatchObject({
    allowed: true,
    caller: 'anybody (callers are not verified)',
  });
});
