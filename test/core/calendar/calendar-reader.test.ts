import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { calendarReader } from '../../../src/core/calendar/calendar-reader.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { DEFAULT_SECRET_POLICY, secretPolicyAt } from '../../../src/core/settings/secret-policy.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const OFFICE = 'mon-thu 09:00-16:00 Europe/Berlin';

afterEach(() => {
  jest.restoreAllMocks();
});

/** How many clocks are made while something is done: they are what is dear about a calendar. */
function clocksMadeBy(work: () => void): number {
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  work();
  return made.mock.calls.length;
}

describe('a reader of calendars', () => {
  test('reads a text once, and makes one clock for a zone, whatever is written in it', () => {
    const reader = calendarReader();
    const made = clocksMadeBy(() => {
      expect(reader.windows(OFFICE)).toBe(reader.windows(OFFICE));
      reader.windows('fri 09:00-12:00 Europe/Berlin');
      reader.freezes('2026-12-24 Europe/Berlin');
    });
    expect(made).toBe(1);
  });

  test('remembers what is wrong with one as well', () => {
    const reader = calendarReader();
    expect(reader.windows('sometime UTC')).toBe(reader.windows('sometime UTC'));
  });

  test('costs a fleet with calendars of its own one clock for each zone, not one for each secret', () => {
    const calendars = ['mon-thu 09:00-16:00 Europe/Berlin', 'tue-fri 01:00-09:00 America/New_York'];
    const underneath = { ...DEFAULT_SECRET_POLICY, calendarReader: calendarReader() };
    const made = clocksMadeBy(() => {
      for (let secret = 0; secret < 20; secret += 1) {
        const record = recordOf({ 'key-warden.policy': JSON.stringify({ v: 1, windows: calendars[secret % 2] }) });
        expect(secretPolicyAt(record, underneath, instantOf(Date.UTC(2026, 10, 28))).problems).toEqual([]);
      }
    });
    expect(made).toBe(2);
  });
});
