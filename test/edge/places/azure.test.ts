import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { placeReader } from '../../../src/edge/places/places.ts';
import { azureStub, carriedTo, type AzureHeld } from '../../support/vendors/azure.ts';
import type { Stub } from '../../support/vendors/loopback.ts';
import { GOOD_KEY } from '../../support/stage.ts';

const PLACE = { kind: 'azure-kv', vault: 'app-vault', name: 'gemini' } as const;
/** What says where a machine gets its token, and what would name another way. */
const VARIABLES = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'AZURE_TOKEN_CREDENTIALS'] as const;
let before: readonly (string | undefined)[];
let stub: Stub | undefined;

beforeEach(() => {
  before = VARIABLES.map((name) => process.env[name]);
});
afterEach(async () => {
  for (const [at, name] of VARIABLES.entries()) {
    if (before[at] === undefined) delete process.env[name];
    else process.env[name] = before[at];
  }
  await stub?.[Symbol.asyncDispose]();
  stub = undefined;
});

async function readerOf(held: AzureHeld) {
  stub = await azureStub(held);
  process.env['IDENTITY_ENDPOINT'] = `${stub.url}/token`;
  process.env['IDENTITY_HEADER'] = 'here';
  process.env['AZURE_TOKEN_CREDENTIALS'] = 'ManagedIdentityCredential';
  return placeReader({ azure: { httpClient: carriedTo(stub, 'app-vault'), retries: 0 } });
}

describe('Azure Key Vault, by its own client', () => {
  test('gives what is stored, with a token that it finds by itself', async () => {
    const reader = await readerOf({ secrets: { gemini: `${GOOD_KEY}\n` } });
    expect(Buffer.from(await reader.read(PLACE)).toString()).toBe(`${GOOD_KEY}\n`);
    expect(stub?.asked.map((one) => one.replace(/\?.*/, ''))).toEqual([
      'GET /secrets/gemini/',
      'GET /token',
      'GET /secrets/gemini/',
    ]);
  });

  test.each([
    [{ status: 403, code: 'Forbidden', inner: 'SecretDisabled' }, 'disabled', 'Enable it there'],
    [{ status: 403, code: 'Forbidden', inner: 'ForbiddenByRbac' }, 'denied', 'Key Vault Secrets User'],
    [{ status: 403, code: 'Forbidden', inner: 'ForbiddenByPolicy' }, 'denied', 'access policy Get'],
    [{ status: 403, code: 'Forbidden' }, 'denied', 'Key Vault Secrets User'],
    [{ status: 403, code: 'Forbidden', inner: 'ForbiddenByFirewall' }, 'denied', 'firewall'],
    [{ status: 404, code: 'SecretNotFound' }, 'not_found', 'spelled right'],
    [{ status: 429, code: 'Throttled' }, 'limited', 'again in a minute'],
    [{ status: 500, code: 'InternalServerError' }, 'unavailable', 'Azure answered 500'],
  ])('%j is %s, with what to do next and without its text', async (refuses, code, says) => {
    const reader = await readerOf({ refuses });
    const refusal = reader.read(PLACE);
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('nobody should rely on') });
  });

  test('does not know who asks where the machine says nothing of it', async () => {
    const reader = await readerOf({});
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';
    await expect(reader.read(PLACE)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('az login'),
    });
  });

  test('that is not reached is said', async () => {
    const reader = await readerOf({});
    await stub?.[Symbol.asyncDispose]();
    stub = undefined;
    await expect(reader.read(PLACE)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
