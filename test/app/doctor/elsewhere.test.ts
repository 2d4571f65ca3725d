import { expect, test } from '@jest/globals';
import { conclusions, examine } from '../../../src/app/doctor/doctor.ts';
import { storeSource } from '../../../src/app/doctor/elsewhere.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { PlaceReader } from '../../../src/app/ports/place-reader.ts';
import { proseOf } from '../../../src/core/values/passage.ts';
import { stillClock } from '../../support/still-clock.ts';
import { memoryProber } from '../../support/twins/memory-prober.ts';
import { GOOD_KEY } from '../../support/stage.ts';

const holding = (text: string): PlaceReader => ({ read: () => Promise.resolve(new TextEncoder().encode(text)) });
const failing = (fault: Error): PlaceReader => ({ read: () => Promise.reject(fault) });
const PLAIN = { kind: 'aws-ssm', name: '/app/key' } as const;
const FIELD = { kind: 'aws-sm', id: 'app', field: 'GEMINI_API_KEY' } as const;
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test('a store is a place with what it holds, byte for byte', async () => {
  const { bytes, ...source } = await storeSource(holding(`\ufeff${GOOD_KEY}\n`), 'aws-ssm:/app/key', PLAIN);
  expect(source).toEqual({ title: 'aws-ssm:/app/key', place: 'store' });
  expect(Buffer.from(bytes ?? []).toString()).toBe(`\ufeff${GOOD_KEY}\n`);
});

test('of a JSON value the field that was named is read, and no other', async () => {
  const document = JSON.stringify({ GEMINI_API_KEY: GOOD_KEY, port: 80 });
  expect(textOf((await storeSource(holding(document), 't', FIELD)).bytes)).toBe(GOOD_KEY);
  expect(textOf((await storeSource(holding(document), 't', { ...FIELD, field: undefined })).bytes)).toBe(document);
  for (const [text, field] of [
    [document, 'port'],
    [document, 'other'],
    [GOOD_KEY, 'port'],
  ] as const)
    expect(await storeSource(holding(text), 't', { ...FIELD, field })).toMatchObject({
      bytes: undefined,
      unreadable: `what is stored there is no JSON object with a text named ${field}`,
      barred: true,
    });
});

test('what the vendor refuses is said, and whether a person has to set it right', async () => {
  expect(await storeSource(failing(new Fault('denied', 'may not')), 't', PLAIN)).toMatchObject({
    unreadable: 'may not',
    barred: true,
  });
  expect(await storeSource(failing(new Fault('limited', 'too often')), 't', PLAIN)).toMatchObject({ barred: false });
  await expect(storeSource(failing(new TypeError('a bug')), 't', PLAIN)).rejects.toThrow('a bug');
});

test('unclean bytes in a store are told, with what to do there', async () => {
  const source = await storeSource(holding(`"${GOOD_KEY}"`), 'azure-kv:v/n', {
    kind: 'azure-kv',
    vault: 'v',
    name: 'n',
  });
  const ports = { prober: memoryProber(GOOD_KEY), clock: stillClock() };
  const findings = await examine(ports, [source], () => undefined);
  expect(conclusions(findings).map(proseOf)).toEqual([
    expect.stringMatching(/^azure-kv:v\/n: .*quot.*; store the key alone there$/),
  ]);
});
