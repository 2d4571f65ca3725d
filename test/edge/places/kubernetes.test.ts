import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { placeReader } from '../../../src/edge/places/places.ts';
import { kubernetesStub, type KubernetesHeld } from '../../support/vendors/kubernetes.ts';
import type { Stub } from '../../support/vendors/loopback.ts';
import { GOOD_KEY } from '../../support/stage.ts';

const PLACE = { kind: 'k8s', namespace: 'web', name: 'gemini', key: 'api-key' } as const;
const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
const configured = process.env['KUBECONFIG'];
afterAll(() => rmSync(folder, { recursive: true }));

describe('kubectl, by what it was seen to print', () => {
  /** A program that prints this and ends with 1, and that takes these words alone. */
  function printing(complaint: string): string {
    const path = join(folder, 'kubectl');
    const words = 'get --raw /api/v1/namespaces/web/secrets/gemini --request-timeout 15s';
    const script = `#!/bin/sh\n[ "$*" = '${words}' ] || exit 3\ncat >&2 <<'END'\n${complaint}\nEND\nexit 1\n`;
    writeFileSync(path, script, { mode: 0o755 });
    return path;
  }

  test.each([
    ['Error from server (NotFound): secrets "gemini" not found', 'not_found', 'kubectl config current-context'],
    ['Error from server (Forbidden): secrets "gemini" is forbidden', 'denied', 'verb get on secrets'],
    ['error: You must be logged in to the server (Unauthorized)', 'unauthenticated', 'Sign in'],
    [
      'Unable to connect to the server: getting credentials: exec: executable x not found',
      'unauthenticated',
      'Sign in',
    ],
    ['Error from server (TooManyRequests): slow down', 'limited', 'again in a minute'],
    ['The connection to the server localhost:8080 was refused', 'invalid', 'kubectl config use-context'],
    ['Error in configuration: context was not found for specified context: gone', 'invalid', 'use-context'],
    ['The connection to the server 10.0.0.1:443 was refused', 'unavailable', 'VPN'],
    ['Unable to connect to the server: dial tcp: lookup x: no such host', 'unavailable', 'VPN'],
    ['panic: something new', 'unavailable', 'kubectl auth can-i get secrets'],
  ])('%s is %s, with what to do next', async (complaint, code, says) => {
    const reading = placeReader({ kubectl: printing(complaint) }).read(PLACE);
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  test('is named, with where to get it, where it is not', async () => {
    await expect(placeReader({ kubectl: 'kubectl-that-is-not-here' }).read(PLACE)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Install it'),
    });
  });

  test('that answers what is no JSON is not believed', async () => {
    await expect(placeReader({ kubectl: 'echo' }).read(PLACE)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

const isHere = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!isHere) console.log('kubectl is not here: Kubernetes is shown by what it was seen to print, and not by itself');

(isHere ? describe : describe.skip)('kubectl itself, against a cluster on loopback', () => {
  let stub: Stub | undefined;
  beforeEach(() => {
    stub = undefined;
  });
  afterEach(async () => {
    if (configured === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = configured;
    await stub?.[Symbol.asyncDispose]();
  });

  async function readerOf(held: KubernetesHeld) {
    stub = await kubernetesStub(held);
    const path = join(folder, 'config');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
      clusters: [{ name: 'here', cluster: { server: stub.url } }],
      users: [{ name: 'me', user: {} }],
    };
    writeFileSync(path, JSON.stringify(config));
    process.env['KUBECONFIG'] = path;
    return placeReader();
  }

  test('gives one value out of base64, byte for byte', async () => {
    const reader = await readerOf({ secrets: { 'web/gemini': { 'api-key': `${GOOD_KEY}\n`, other: 'x' } } });
    expect(Buffer.from(await reader.read(PLACE)).toString()).toBe(`${GOOD_KEY}\n`);
    expect(stub?.asked).toContain('GET /api/v1/namespaces/web/secrets/gemini?timeout=15s');
  });

  test('of a value that is not in the secret, says which are', async () => {
    const reader = await readerOf({ secrets: { 'web/gemini': { GEMINI_API_KEY: 'x', other: 'x' } } });
    const message = 'There is no api-key in the Kubernetes secret web/gemini. It has: GEMINI_API_KEY, other.';
    await expect(reader.read(PLACE)).rejects.toMatchObject({ code: 'not_found', message });
    await stub?.[Symbol.asyncDispose]();
    const empty = await readerOf({ secrets: { 'web/gemini': {} } });
    await expect(empty.read(PLACE)).rejects.toMatchObject({ message: expect.stringContaining('It has: nothing.') });
  });

  test.each([
    [{ status: 403, reason: 'Forbidden' }, 'denied'],
    [{ status: 401, reason: 'Unauthorized' }, 'unauthenticated'],
    [{ status: 404, reason: 'NotFound' }, 'not_found'],
    [{ status: 429, reason: 'TooManyRequests' }, 'limited'],
    [{ status: 500, reason: 'InternalError' }, 'unavailable'],
  ])('%j is %s, without its text', async (refuses, code) => {
    const reading = (await readerOf({ refuses })).read(PLACE);
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.not.toMatchObject({ message: expect.stringContaining('nobody should rely on') });
  });
});
