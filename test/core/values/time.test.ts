import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  elapsedMs,
  instantOf,
  isoOf,
  parseInstant,
  plusMs,
  spokenMinute,
  spokenMinuteBy,
} from '../../../src/core/values/time.ts';

describe('a moment', () => {
  test('is written in RFC 3339 and read back the same', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
        (date) => {
          const moment = instantOf(date.getTime());
          expect(parseInstant(isoOf(moment))).toBe(moment);
        },
      ),
    );
  });

  test('is read with an offset and with fractions', () => {
    expect(parseInstant('2026-10-05T02:00:19.2044-07:00')).toBe(Date.UTC(2026, 9, 5, 9, 0, 19, 204));
  });

  test('is told to people without the seconds', () => {
    expect(spokenMinute(instantOf(Date.UTC(2026, 10, 24, 3, 0, 59)))).toBe('2026-11-24 03:00 UTC');
    expect(spokenMinuteBy(instantOf(Date.UTC(2026, 10, 24, 3, 0, 59)))).toBe('2026-11-24 03:01 UTC');
    expect(spokenMinuteBy(instantOf(Date.UTC(2026, 10, 24, 3, 1)))).toBe('2026-11-24 03:01 UTC');
  });

  test.each(['', 'yesterday', '2026-10-05', '2026-13-05T00:00:00Z', '1790000000000'])('is not read from %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test.each([NaN, Infinity, 9e15])('cannot be %d', (milliseconds) => {
    expect(() => instantOf(milliseconds)).toThrow(`${milliseconds} is not a moment in time`);
  });

  test('moves and measures in milliseconds, backwards too', () => {
    const noon = instantOf(1000);
    expect(plusMs(noon, 500)).toBe(1500);
    expect(elapsedMs(noon, plusMs(noon, -300))).toBe(-300);
  });
});
