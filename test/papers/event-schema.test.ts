import { NOTICE_TYPES } from '../../src/core/alerts/notice.ts';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync } from 'node:fs';
import { eventSchema } from './event-schema.ts';
import { expectGolden } from '../support/golden.ts';
import { eventFor } from '../support/notices.ts';

const SCHEMAS = new URL('../../schemas/v1/', import.meta.url);

describe.each(NOTICE_TYPES)('the schema of %s', (type) => {
  test('is the file in schemas/', async () => {
    await expectGolden(new URL(`${type}.json`, SCHEMAS), eventSchema(type));
  });

  test('accepts what is published, and refuses it with any required field gone', () => {
    const validate = new Ajv2020({ strict: true }).compile(eventSchema(type));
    const event = JSON.parse(JSON.stringify(eventFor(type)));
    expect({ valid: validate(event), errors: validate.errors }).toEqual({ valid: true, errors: null });
    for (const field of Object.keys(event)) expect(validate({ ...event, [field]: undefined })).toBe(false);
    for (const field of ['notice', 'severity', 'thread', 'detail', 'runbook'])
      expect(validate({ ...event, data: { ...event.data, [field]: undefined } })).toBe(false);
    expect(validate({ ...event, data: { ...event.data, detail: {} } })).toBe(false);
  });

  test('refuses every other type', () => {
    const validate = new Ajv2020({ strict: true }).compile(eventSchema(type));
    for (const other of NOTICE_TYPES)
      expect(validate(JSON.parse(JSON.stringify(eventFor(other))))).toBe(other === type);
  });
});

test('there is one schema per type and no other', () => {
  expect(readdirSync(SCHEMAS).toSorted()).toEqual(NOTICE_TYPES.map((type) => `${type}.json`).toSorted());
});
