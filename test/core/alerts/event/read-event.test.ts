import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { eventSchema } from '../../../papers/event-schema.ts';
import { readEvent } from '../../../../src/core/alerts/event/read-event.ts';
import { eventFor } from '../../../support/notices.ts';

const whole = eventFor('key.unhealthy');
const spoiled = (changes: object) => JSON.stringify({ ...whole, ...changes });

describe('a message', () => {
  test.each(NOTICE_TYPES)('that holds %s is read back as it was written', (type) => {
    const event = eventFor(type);
    expect(readEvent(JSON.stringify(event))).toEqual({ is: 'event', event: JSON.parse(JSON.stringify(event)) });
  });

  test('with fields that a later release added is read without them', () => {
    expect(readEvent(JSON.stringify({ ...whole, traceparent: 'x' }))).toEqual(readEvent(JSON.stringify(whole)));
  });

  test.each([
    ['', 'the message is not a JSON object'],
    ['[]', 'the message is not a JSON object'],
    ['{}', 'the message is not an event of ours'],
    ['{"type":3,"specversion":"1.0"}', 'the message is not an event of ours'],
    [spoiled({ type: 'com.example.thing.v1' }), 'the message is not an event of ours'],
    [spoiled({ specversion: '0.3' }), 'the message is not an event of ours'],
    [spoiled({ type: 'key-warden.key.recovered.v1' }), 'the event does not follow its schema'],
    [spoiled({ data: undefined }), 'the event does not follow its schema'],
    [spoiled({ data: { ...whole.data, severity: 'loud' } }), 'the event does not follow its schema'],
    [spoiled({ data: { ...whole.data, detail: [] } }), 'the event does not follow its schema'],
    [spoiled({ data: { ...whole.data, secret: 3 } }), 'the event does not follow its schema'],
    [JSON.stringify({ ...whole, pad: 'x'.repeat(65_536) }), 'the message is over 65536 characters'],
  ])('%.60s is foreign', (message, why) => {
    expect(readEvent(message)).toEqual({ is: 'foreign', why });
  });

  test('of a version to come is told from a foreign one, because it may be an alert', () => {
    expect(readEvent(spoiled({ type: 'key-warden.key.unhealthy.v2' }))).toEqual({
      is: 'newer',
      why: 'the event has version v2; this release reads v1',
    });
  });

  test('is never taken for an event when a required field is missing that the schema requires', () => {
    const validate = new Ajv2020().compile(eventSchema('key.unhealthy'));
    const fields = Object.keys(whole.data);
    fc.assert(
      fc.property(fc.subarray(fields, { minLength: 1 }), (gone) => {
        const data = Object.fromEntries(Object.entries(whole.data).filter(([field]) => !gone.includes(field)));
        const message = { ...whole, data };
        if (
          readEvent(JSON.stringify(message)).is === 'event' &&
          !gone.some((f) => ['secret', 'project', 'since'].includes(f))
        )
          expect(validate(message)).toBe(true);
      }),
    );
  });

  test('of any kind of rubbish is answered and never thrown at', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readEvent(text)));
  });
});
