import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pretendCloud, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const PARENT = `/v1/projects/${PROJECT}/secrets`;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
  await cloud.control('POST secrets', { project: PROJECT, secretId: 's', payloads: ['x'] });
});
afterAll(() => cloud.close());

test.each([
  ['PATCH', '?updateMask=labels', { labels: { a: 'b' } }],
  ['patch', '?updateMask=labels', { labels: { a: 'c' } }],
])('a POST that means %s is one, as Java’s clients send it', async (meant, query, body) => {
  const headers = { 'x-http-method-override': meant };
  expect((await cloud.ask('POST', `${PARENT}/s${query}`, { body, headers })).json()).toMatchObject(body);
});

test('only a POST can mean another method', async () => {
  const headers = { 'x-http-method-override': 'DELETE' };
  expect((await cloud.ask('GET', `${PARENT}/s`, { headers })).status).toBe(200);
  expect((await cloud.ask('GET', `${PARENT}/s`)).status).toBe(200);
});

async function zipped(body: Buffer): Promise<Response> {
  return fetch(`${cloud.url}${PARENT}?secretId=z${body.length}`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: new Uint8Array(body),
  });
}

test('a compressed body is read, one that is none or grows too large is refused', async () => {
  expect((await zipped(gzipSync(JSON.stringify({ replication: { automatic: {} } })))).status).toBe(200);
  expect((await zipped(Buffer.from('{}'))).status).toBe(400);
  expect((await zipped(gzipSync(Buffer.alloc(11 * 1024 * 1024, ' ')))).status).toBe(413);
});

/** Whether the answer came compressed; `fetch` unpacks it by itself. */
async function isCompressed(headers: Readonly<Record<string, string>>): Promise<boolean> {
  const answer = await fetch(`${cloud.url}${PARENT}/s`, { headers });
  expect(await answer.json()).toMatchObject({ name: expect.stringMatching(/secrets\/s$/) });
  return answer.headers.get('content-encoding') === 'gzip';
}

test('an answer is compressed for whoever takes gzip and has it in its name, as Google’s own clients do', async () => {
  const named = { 'user-agent': 'google-api-nodejs-client/10.1.0 (gzip)' };
  expect(await isCompressed({ ...named, 'accept-encoding': 'gzip, deflate' })).toBe(true);
  expect(await isCompressed({ 'user-agent': 'curl/8.5.0', 'accept-encoding': 'gzip' })).toBe(false);
  expect(await isCompressed({ ...named, 'accept-encoding': 'identity' })).toBe(false);
});

test('/healthz says that it listens, and is not in the request log', async () => {
  const before = cloud.requests().length;
  const heard = await cloud.ask('GET', '/healthz');
  expect([heard.status, heard.text]).toEqual([200, 'ok\n']);
  expect(cloud.requests()).toHaveLength(before);
});

test('an empty page token is the first page', async () => {
  expect((await cloud.ask('GET', `${PARENT}?pageToken=`)).status).toBe(200);
  expect((await cloud.ask('GET', `/v2/projects/${PROJECT}/locations/global/keys?pageToken=`)).status).toBe(200);
});

test('a connection is kept for minutes, and the address to listen on can be chosen', async () => {
  expect((await cloud.ask('GET', '/healthz')).headers.get('keep-alive')).toBe('timeout=240');
  const everywhere = await pretendCloud({ host: '0.0.0.0' });
  expect((await fetch(`${everywhere.url}/healthz`)).status).toBe(200);
  await everywhere.close();
});
