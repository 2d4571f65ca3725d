import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import { HOUR_MS, instantOf, isoOf, plusMs } from '../../src/core/values/time.ts';
import { viewerCheck } from '../../src/edge/process/viewers.ts';
import { statusPage } from '../../src/functions/status-page.ts';
import { wireTo } from '../../src/wire.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { pretendCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

const AUDIENCE = '/projects/123456789012/locations/europe-west1/services/key-warden-status-page';
const JANE = 'jane@example.com';
const VIEWER = 'viewer@demo-project.iam.gserviceaccount.com';

let cloud: PretendCloud;
let page: FunctionProcess;
/** Every call bears the page’s own identity, which may list secrets and nothing else. */
let acting: string | undefined;

beforeAll(async () => {
  cloud = await pretendCloud({
    services: [
      {
        title: 'who calls',
        answer({ headers, path }) {
          if (acting !== undefined && !path.startsWith('/_emulator'))
            Object.assign(headers, { authorization: `Bearer ${acting}` });
          return undefined;
        },
      },
    ],
  });
  setUpShowcase(cloud);
  const inHours = (hours: number) => isoOf(plusMs(instantOf(cloud.clock.now()), hours * HOUR_MS));
  const frozen = [{ id: 'f1', about: { all: true }, owner: 'ops', reason: 'year end', until: inHours(48) }];
  const parts = { version: 'a', wishes: 'b', keys: 'c', holders: 'd', consumers: 'e' };
  const secret = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
  const waits = [{ id: secret, secret, plan: '0123456789ab', parts, at: inHours(-1), until: inHours(9) }];
  for (const [secretId, annotations] of [
    ['books', { 'key-warden.freezes': JSON.stringify({ v: 1, freezes: frozen }) }],
    ['approvals', { 'key-warden.approvals': JSON.stringify({ v: 1, approvals: waits }) }],
  ] as const)
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, annotations, payloads: [] });
  cloud.iam.register('page', VIEWER);
  cloud.iam.defineRole(`projects/${SHOWCASE_PROJECT}/roles/viewer`, ['secretmanager.secrets.list']);
  cloud.iam.grant(SHOWCASE_PROJECT, `serviceAccount:${VIEWER}`, `projects/${SHOWCASE_PROJECT}/roles/viewer`);
  acting = 'page';
  page = await functionProcess('statusPage', {
    PATH: process.env['PATH'] ?? '',
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_IAP_AUDIENCE: AUDIENCE,
    KEY_WARDEN_SILENCES: `projects/${SHOWCASE_PROJECT}/secrets/books`,
    KEY_WARDEN_APPROVALS: `projects/${SHOWCASE_PROJECT}/secrets/approvals`,
    KEY_WARDEN_VIEWERS: '@example.com',
  });
});
afterAll(async () => {
  await page.end();
  await cloud.close();
});

const look = (assertion: string | undefined, path = '/', method = 'GET') =>
  fetch(`${page.url}${path}`, {
    method,
    headers: assertion === undefined ? {} : { 'x-goog-iap-jwt-assertion': assertion },
  });
const asserted = (email = JANE) => cloud.oidc.iapAssertion(email, AUDIENCE);

describe('the page of a deployment', () => {
  test('shows what others recorded, with an identity that lists metadata and does nothing else', async () => {
    const before = cloud.requests().length;
    const answer = await look(asserted());
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain('<p class="lead">No check has looked at any of the 6 secrets.</p>');
    expect(html).toContain('search-app');
    expect(html).toContain('it takes logging.logEntries.list, which roles/logging.viewer holds');
    const calls = cloud
      .requests()
      .slice(before)
      .map(({ method, path, status }) => `${method} ${path} ${status}`);
    expect(html).toMatch(/frozen<.*year end/s);
    expect(html).toContain('waits for approval');
    expect(calls.toSorted()).toEqual([
      'GET /iap/verify/public_key 200',
      `GET /v1/projects/${SHOWCASE_PROJECT}/secrets 200`,
      `GET /v1/projects/${SHOWCASE_PROJECT}/secrets 200`,
      `GET /v1/projects/${SHOWCASE_PROJECT}/secrets 200`,
      'POST /v2/entries:list 403',
    ]);
    expect(page.lines.join('\n')).toContain(`page shown to ${JANE}`);
  });

  test('secrets are listed once, however many people look in the same half minute', async () => {
    const before = cloud.requests().length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => look(asserted())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(
      cloud
        .requests()
        .slice(before)
        .filter(({ path }) => path.endsWith('/secrets')),
    ).toEqual([]);
    await cloud.advance(31_000);
    await look(asserted());
    expect(
      cloud
        .requests()
        .slice(before)
        .filter(({ path }) => path.endsWith('/secrets')),
    ).toHaveLength(3);
  });

  test('a browser may keep nothing of it, run nothing in it, and frame it nowhere', async () => {
    const { headers } = await look(asserted());
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-encoding': 'gzip',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      ),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('who is not let in', () => {
  test.each([
    ['came past IAP', () => undefined, 401, 'this page is looked at through Identity-Aware Proxy'],
    ['made the header', () => `${asserted().slice(0, -4)}AAAA`, 401, 'not a valid one of Identity-Aware Proxy'],
    ['is not on the list', () => asserted('eve@elsewhere.example'), 403, 'eve@elsewhere.example is not among those'],
  ])('reads why, and sees no secret: %s', async (_, assertion, status, why) => {
    const answer = await look(assertion());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const html = await answer.text();
    expect(html).toContain(why);
    expect(html).not.toContain('search-app');
  });

  test.each([
    ['POST', '/', 405],
    ['GET', '/elsewhere', 404],
  ])('nor is %s %s', async (method, path, status) => {
    expect((await look(asserted(), path, method)).status).toBe(status);
  });
});

describe('behind the door', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  test('the function verifies by itself, and what fails once is looked up again', async () => {
    const reading = readSettings(
      { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT, KEY_WARDEN_IAP_AUDIENCE: AUDIENCE },
      { project: true, callers: false, viewers: true },
    );
    if ('problems' in reading || reading.settings.viewers === undefined) throw new Error(JSON.stringify(reading));
    const { settings } = reading;
    await using wired = wireTo({ write: () => undefined })(settings);
    let broken = true;
    const reader: typeof wired.reader = {
      ...wired.reader,
      read: (asked) => (broken ? Promise.reject(new TypeError('a bug')) : wired.reader.read(asked)),
    };
    const viewers = viewerCheck(reading.settings.viewers, cloud.url, () => instantOf(Date.now()));
    const order = { ...settings, scopes: scopesOf(settings), logProjects: [SHOWCASE_PROJECT], ages: false };
    const shown = statusPage({ ...wired.ports, reader }, order, viewers);
    http('page', async (request, response) => {
      try {
        await shown(request, response);
      } catch {
        response.status(500).end();
      }
    });
    const server = getTestServer('page');
    servers.push(server);
    server.listen(0);
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    const asked = (headers: Record<string, string>) => fetch(url, { headers });
    expect((await asked({})).status).toBe(401);
    expect((await asked({ 'x-goog-iap-jwt-assertion': asserted() })).status).toBe(500);
    broken = false;
    const plain = await asked({ 'x-goog-iap-jwt-assertion': asserted(), 'accept-encoding': 'identity' });
    expect([plain.status, plain.headers.get('content-encoding')]).toEqual([200, null]);
    expect(await plain.text()).toMatch(/^<!doctype html>/);
  });
});
