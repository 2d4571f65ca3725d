import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync } from 'node:fs';
import { startPretendCloud, type PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { run } from '../support/captured.ts';
import { expectGolden } from '../support/golden.ts';
import { COMMAND_SCHEMAS } from './command-schema.ts';

const SCHEMAS = new URL('../../schemas/commands/v1/', import.meta.url);
const DAY_MS = 86_400_000;
let cloud: PretendCloud;

beforeAll(async () => {
  cloud = await startPretendCloud({ base: () => Date.UTC(2026, 10, 24, 9), propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  await type('check', '--record');
  await type('rotate', 'search-app');
  await cloud.advance(3 * DAY_MS);
  await type('resume', 'search-app');
  await type('rotate', 'chat-app', '--standard');
});
afterAll(() => cloud.close());

const type = (...words: readonly string[]) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      USER: 'jane',
    },
    clock: { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) },
  });

describe.each(Object.entries(COMMAND_SCHEMAS))('the schema of %s --json', (name, schema) => {
  const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
  const printed = async () => JSON.parse((await type(name, '--json')).out) as Readonly<Record<string, unknown>>;

  test('is the file in schemas/', async () => {
    await expectGolden(new URL(`${name}.json`, SCHEMAS), schema);
  });

  test('accepts what is printed of sick, rotating and rotated secrets, and refuses it with any field gone', async () => {
    const whole = await printed();
    expect({ valid: validate(whole), errors: validate.errors }).toEqual({ valid: true, errors: null });
    for (const field of Object.keys(whole))
      expect([field, validate({ ...whole, [field]: undefined })]).toEqual([field, false]);
  });
});

test('there is one schema for each of these commands and no other', () => {
  expect(readdirSync(SCHEMAS).toSorted()).toEqual(Object.keys(COMMAND_SCHEMAS).map((name) => `${name}.json`));
});
