import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import { AUTH, PROJECT, STANDARD, testCloud, type TestCloud } from '../support/cloud.ts';
import { allPapers, blocksOf } from './markdown.ts';

const SECRET = `projects/${PROJECT}/secrets/gemini`;

type Send = (key: string) => Promise<Response>;
type Reader = (client: SecretManagerServiceClient, secret: string, send: Send) => () => Promise<Response>;

/** The reader as it stands in the paper. */
async function readerOfThePaper(): Promise<Reader> {
  const block = allPapers()
    .filter(({ path }) => path === 'docs/consumers.md')
    .flatMap(blocksOf)
    .find(({ language }) => language === 'js');
  const module: { readonly withCurrentKey: Reader } = await import(
    `data:text/javascript,${encodeURIComponent(block?.code ?? '')}`
  );
  return module.withCurrentKey;
}

let cloud: TestCloud;
let client: SecretManagerServiceClient;
let sent: string[];
let call: () => Promise<Response>;

beforeEach(async () => {
  cloud = await testCloud();
  const { hostname, port } = new URL(cloud.url);
  client = new SecretManagerServiceClient({
    apiEndpoint: hostname,
    port: Number(port),
    protocol: 'http',
    fallback: true,
    authClient: new PassThroughClient(),
  });
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: [STANDARD, AUTH], aliases: { current: 1 } });
  await turn(STANDARD, 'works');
  await turn(AUTH, 'works');
  sent = [];
  const withCurrentKey = await readerOfThePaper();
  call = withCurrentKey(client, SECRET, (key) => {
    sent.push(key === STANDARD ? 'old' : 'new');
    return fetch(`${cloud.url}/v1beta/models`, { headers: { 'x-goog-api-key': key } });
  });
});

afterEach(async () => {
  await client.close();
  await cloud.close();
});

async function turn(key: string, state: string): Promise<void> {
  const { status } = await cloud.control('POST keys', { key, state });
  expect(status).toBe(200);
}

async function promote(): Promise<void> {
  const [{ etag }] = await client.getSecret({ name: SECRET });
  await client.updateSecret({
    secret: { name: SECRET, versionAliases: { current: 2 }, etag: etag ?? '' },
    updateMask: { paths: ['version_aliases'] },
  });
}

const accesses = () => cloud.requests().filter(({ path }) => path.endsWith(':access')).length;

test('while its key works, the reader reads once', async () => {
  for (let n = 0; n < 3; n += 1) expect((await call()).status).toBe(200);
  expect(sent).toEqual(['old', 'old', 'old']);
  expect(accesses()).toBe(1);
});

test('a key that dies under the reader is replaced within the request, and the answer is the good one', async () => {
  expect((await call()).status).toBe(200);
  await promote();
  await turn(STANDARD, 'leaked');
  expect((await call()).status).toBe(200);
  expect(sent).toEqual(['old', 'old', 'new']);
});

test('a refusal that another key would not mend is handed on, and sent once', async () => {
  await turn(STANDARD, 'service_disabled');
  expect((await call()).status).toBe(403);
  expect(sent).toEqual(['old']);
});

test('a store that is down does not end a service whose key is good', async () => {
  expect((await call()).status).toBe(200);
  await turn(STANDARD, 'invalid');
  await cloud.control('POST faults', { match: { service: 'secretmanager' }, times: 100, status: 403 });
  expect((await call()).status).toBe(400);
  await turn(STANDARD, 'works');
  expect((await call()).status).toBe(200);
});
