import { afterEach, describe, expect, test } from '@jest/globals';
import { placeReader } from '../../../src/edge/places/places.ts';
import { optionalClient } from '../../../src/edge/places/optional-client.ts';
import { awsStub, type AwsHeld } from '../../support/vendors/aws.ts';
import type { Stub } from '../../support/vendors/loopback.ts';
import { GOOD_KEY } from '../../support/stage.ts';

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'not-a-secret' };
let stub: Stub | undefined;
afterEach(async () => stub?.[Symbol.asyncDispose]());

async function readerOf(held: AwsHeld, region: string | undefined = REGION) {
  stub = await awsStub(REGION, held);
  return placeReader({ aws: { endpoint: stub.url, region, credentials: CREDENTIALS, maxAttempts: 1 } });
}

const secret = (id: string) => ({ kind: 'aws-sm', id, field: undefined }) as const;
const parameter = (name: string) => ({ kind: 'aws-ssm', name }) as const;

describe('AWS Secrets Manager, by its own client', () => {
  test('gives what is stored, as text or as bytes, byte for byte', async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0, 10]);
    const reader = await readerOf({ secrets: { 'app/text': `\ufeff${GOOD_KEY}\r\n`, 'app/bytes': bytes } });
    expect(Buffer.from(await reader.read(secret('app/text'))).toString()).toBe(`\ufeff${GOOD_KEY}\r\n`);
    expect(new Uint8Array(await reader.read(secret('app/bytes')))).toEqual(bytes);
    expect(stub?.asked).toEqual(['POST /', 'POST /']);
  });

  test('is asked in the region that an ARN names, whatever the environment says', async () => {
    const arn = `arn:aws:secretsmanager:${REGION}:123456789012:secret:app-AbCdEf`;
    const reader = await readerOf({ secrets: { [arn]: GOOD_KEY } }, 'us-east-1');
    expect(Buffer.from(await reader.read(secret(arn))).toString()).toBe(GOOD_KEY);
  });
});

describe('AWS Parameter Store, by its own client', () => {
  test('gives a SecureString decrypted, and no ciphertext', async () => {
    const reader = await readerOf({ parameters: { '/app/gemini': GOOD_KEY } });
    expect(Buffer.from(await reader.read(parameter('/app/gemini'))).toString()).toBe(GOOD_KEY);
  });
});

describe('what AWS refuses', () => {
  test.each([
    ['ResourceNotFoundException', 'not_found', 'set AWS_REGION'],
    ['ParameterVersionNotFound', 'not_found', 'spelled right'],
    ['InvalidRequestException', 'wrong_state', 'scheduled for deletion'],
    ['AccessDeniedException', 'denied', 'It takes secretsmanager:GetSecretValue'],
    ['DecryptionFailure', 'denied', 'kms:Decrypt'],
    ['ExpiredTokenException', 'unauthenticated', 'aws sso login'],
    ['UnrecognizedClientException', 'unauthenticated', 'AWS_PROFILE'],
    ['ThrottlingException', 'limited', 'again in a minute'],
    ['SomethingNew', 'unavailable', 'AWS answered SomethingNew'],
  ])('%s is %s, with what to do next and without its text', async (refuses, code, says) => {
    const reader = await readerOf({ refuses });
    const refusal = reader.read(secret('app'));
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('nobody should rely on') });
  });

  test('is told of what is not there, and of a secret on its way out', async () => {
    const reader = await readerOf({ deleted: ['old'] });
    await expect(reader.read(secret('none'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(reader.read(secret('old'))).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(reader.read(parameter('/none'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('as another region does, is told as a matter of who asks', async () => {
    const reader = await readerOf({ secrets: { app: GOOD_KEY } }, 'us-east-1');
    await expect(reader.read(secret('app'))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('no answer at all is said with where to look', async () => {
    const { url } = (stub = await awsStub(REGION, {}));
    await stub[Symbol.asyncDispose]();
    stub = undefined;
    const reader = placeReader({ aws: { endpoint: url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 } });
    await expect(reader.read(secret('app'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('AWS was not reached'),
    });
  });
});

test('a client that is not here is named, with the command that puts it here', async () => {
  await expect(optionalClient('@aws-sdk/client-of-nothing')).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('npm install @aws-sdk/client-of-nothing'),
  });
});
