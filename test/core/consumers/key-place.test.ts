import { expect, test } from '@jest/globals';
import { parseKeyPlace, PLACE_FORMS, PLACE_KINDS } from '../../../src/core/consumers/key-place.ts';

test.each([
  ['env:GEMINI_API_KEY', { kind: 'env', name: 'GEMINI_API_KEY' }],
  ['file:/run/secrets/gemini', { kind: 'file', path: '/run/secrets/gemini', variable: undefined }],
  ['file:.env#GEMINI_API_KEY', { kind: 'file', path: '.env', variable: 'GEMINI_API_KEY' }],
  ['file:C:\\app\\key', { kind: 'file', path: 'C:\\app\\key', variable: undefined }],
  ['file:notes #1', { kind: 'file', path: 'notes #1', variable: undefined }],
  ['k8s:web/gemini#api-key', { kind: 'k8s', namespace: 'web', name: 'gemini', key: 'api-key' }],
  ['aws-sm:app/gemini', { kind: 'aws-sm', id: 'app/gemini', field: undefined }],
  ['aws-sm:app/gemini#GEMINI_API_KEY', { kind: 'aws-sm', id: 'app/gemini', field: 'GEMINI_API_KEY' }],
  [
    'aws-sm:arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/gemini-AbCdEf',
    { kind: 'aws-sm', id: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/gemini-AbCdEf' },
  ],
  ['aws-ssm:/app/gemini:3', { kind: 'aws-ssm', name: '/app/gemini:3' }],
  ['azure-kv:app-vault/gemini-key', { kind: 'azure-kv', vault: 'app-vault', name: 'gemini-key' }],
])('%s names a place', (text, place) => {
  expect(parseKeyPlace(text)).toMatchObject(place);
});

test.each([
  'env:',
  'env:not a name',
  'file:',
  'file:.env#',
  'k8s:web/gemini',
  'k8s:-n/gemini#key',
  'k8s:web/-oyaml#key',
  'k8s:Web/gemini#key',
  'aws-sm:',
  'aws-sm:app gemini',
  'aws-sm:app#',
  'aws-ssm:',
  'azure-kv:app-vault',
  'azure-kv:evil.example/x',
])('%s names none, and how it is written is said', (text) => {
  const kind = PLACE_KINDS.find((one) => text.startsWith(`${one}:`));
  expect(parseKeyPlace(text)).toBe(`it is written ${PLACE_FORMS[kind ?? 'env']}`);
});

test.each(['', 'GEMINI_API_KEY', 'vault:x', ':x'])('of %j the kinds are said', (text) => {
  expect(parseKeyPlace(text)).toBe('it begins with one of env: file: k8s: aws-sm: aws-ssm: azure-kv:');
});
