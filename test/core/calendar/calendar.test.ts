import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freezeDatesOf } from '../../../src/core/calendar/freeze-dates.ts';
import { isOpen, nextOpening, type Calendar } from '../../../src/core/calendar/opening.ts';
import { windowsOf } from '../../../src/core/calendar/windows-text.ts';
import { momentsAt, zoneOf, type Zone } from '../../../src/core/calendar/zone.ts';
import { DAY_MS, instantOf, isoOf, MINUTE_MS, parseInstant, plusMs } from '../../../src/core/values/time.ts';

/** Zones whose clocks are put forward and back in both halves of a year, by half an hour, at midnight, by a whole day, or never. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Kolkata',
  'America/Santiago',
  'Pacific/Apia',
];

const at = (text: string) => parseInstant(text) ?? instantOf(NaN);

function calendar(windows: readonly string[], freezes = '', frozenUntil: readonly string[] = []): Calendar {
  const read = windows.map((text) => windowsOf(text));
  const dates = freezes === '' ? { freezes: [] } : freezeDatesOf(freezes);
  return {
    windows: read.map((one) => ('windows' in one ? one.windows : [])),
    freezes: 'freezes' in dates ? dates.freezes : [],
    frozenUntil: frozenUntil.map(at),
  };
}

function nextOf(text: string, from: string): string | undefined {
  const opening = nextOpening(calendar([text]), at(from));
  return opening === undefined ? undefined : isoOf(opening);
}

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('the clock on a wall', () => {
  test('an hour that is skipped is shown at no moment, one that comes twice at two', () => {
    const day = Date.UTC(2027, 2, 28) / DAY_MS;
    expect(momentsAt(zone('Europe/Berlin'), { day, minute: 150 })).toEqual([]);
    const autumn = Date.UTC(2026, 9, 25) / DAY_MS;
    expect(momentsAt(zone('Europe/Berlin'), { day: autumn, minute: 150 }).map(isoOf)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  test('every moment is found again under what the wall shows at it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 60 * 365 * 24 * 60 }), (name, minute) => {
        const moment = plusMs(at('1972-01-01T00:00:00Z'), minute * MINUTE_MS);
        const there = zone(name);
        return momentsAt(there, there.at(moment)).includes(moment);
      }),
      { numRuns: 500 },
    );
  });
});

describe('windows', () => {
  test('what is left out is any day, or all of it', () => {
    expect(nextOf('UTC', '2026-11-24T12:00:00Z')).toBe('2026-11-24T12:00:00.000Z');
    expect(nextOf('sat UTC', '2026-11-24T12:00:00Z')).toBe('2026-11-28T00:00:00.000Z');
    expect(nextOf('2026-12-01 UTC', '2026-11-24T12:00:00Z')).toBe('2026-12-01T00:00:00.000Z');
  });

  test('the same hour of the wall is another moment in summer', () => {
    expect(nextOf('mon-fri 09:00-16:00 Europe/Berlin', '2026-10-23T15:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
    expect(nextOf('mon-fri 09:00-16:00 Europe/Berlin', '2026-10-22T15:00:00Z')).toBe('2026-10-23T07:00:00.000Z');
  });

  test('days may go over the end of the week, and hours over midnight', () => {
    expect(nextOf('fri-mon UTC', '2026-11-24T12:00:00Z')).toBe('2026-11-27T00:00:00.000Z');
    expect(nextOf('fri 22:00+6h UTC', '2026-11-28T03:59:00Z')).toBe('2026-11-28T03:59:00.000Z');
    expect(nextOf('fri 22:00+6h UTC', '2026-11-28T04:00:00Z')).toBe('2026-12-04T22:00:00.000Z');
  });

  test('an hour that is skipped opens nothing that day, and opens a longer window at its end', () => {
    expect(nextOf('02:10-02:50 Europe/Berlin', '2027-03-27T12:00:00Z')).toBe('2027-03-29T00:10:00.000Z');
    expect(nextOf('02:10-04:00 Europe/Berlin', '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00:00.000Z');
  });

  test('an hour that comes twice opens twice', () => {
    const open = calendar(['01:30-02:30 Europe/Berlin']);
    const shown = ['2026-10-24T23:30:00Z', '2026-10-25T00:29:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'];
    expect(shown.map((moment) => isOpen(open, at(moment)))).toEqual([true, true, false, true]);
    expect(nextOf('01:30-02:30 Europe/Berlin', '2026-10-25T00:40:00Z')).toBe('2026-10-25T01:00:00.000Z');
  });

  test('of several windows one is enough, of several lists each must have one open', () => {
    const either = calendar(['mon UTC; wed UTC']);
    expect(isoOf(nextOpening(either, at('2026-11-24T12:00:00Z')) ?? at(''))).toBe('2026-11-25T00:00:00.000Z');
    const both = calendar(['mon-wed UTC', 'wed-fri 10:00-11:00 UTC']);
    expect(isoOf(nextOpening(both, at('2026-11-24T12:00:00Z')) ?? at(''))).toBe('2026-11-25T10:00:00.000Z');
    expect(nextOpening(calendar(['mon UTC', 'tue UTC']), at('2026-11-24T12:00:00Z'), 30)).toBeUndefined();
  });

  test.each([
    ['mon-fri 16:00-09:00 UTC', /ends before it begins.*16:00\+17h/],
    ['09:00-09:00 UTC', /ends before it begins.*09:00\+24h/],
    ['mon-fri 09:00-16:00 Europe/Berln', /is no time zone.*did you mean Europe\/Berlin\?/],
    ['mon-fri 09:00-16:00 Mars/Crater', /is no time zone.*Europe\/Berlin, or UTC/],
    ['mon-fri 09:00-16:00 +01:00', /is no time zone/],
    ['', /is no time zone/],
    ['Xyz/Abc', /is no time zone/],
    ['2027-01-06..2026-12-20 UTC', /ends before it begins: turn it round, 2026-12-20\.\.2027-01-06/],
    ['2026-02-30 UTC', /is no day/],
    ['2026-1-30 UTC', /is no day/],
    ['2026-01-01..2026-01-02..2026-01-03 UTC', /is no day/],
    ['2026-12-05..2026-12-06 mon UTC', /never opens/],
    ['2027-03-28 02:10-02:50 Europe/Berlin', /never opens.*skipped/],
    ['monday UTC', /is neither days/],
    ['mon-tue-wed UTC', /is neither days/],
    ['25:00-26:00 UTC', /are no hours/],
    ['24:00+1h UTC', /are no hours/],
    ['09:61-10:00 UTC', /are no hours/],
    ['09:00-10h UTC', /are no hours/],
    ['09:00+25h UTC', /are no hours/],
    [`${'UTC;'.repeat(10)}UTC`, /more than 10 windows/],
    [`mon${' '.repeat(400)}UTC`, /400 characters/],
  ])('“%s” is refused, with what is wrong and what to write', (text, why) => {
    expect(windowsOf(text)).toEqual({ wrong: expect.stringMatching(why) });
  });
});

describe('frozen days', () => {
  test('they are whole days of the zone, the last one too', () => {
    const frozen = calendar([], '2026-12-19..2027-01-06 Europe/Berlin');
    expect(isOpen(frozen, at('2026-12-18T22:59:00Z'))).toBe(true);
    expect(isOpen(frozen, at('2026-12-18T23:00:00Z'))).toBe(false);
    expect(isoOf(nextOpening(frozen, at('2026-12-24T12:00:00Z')) ?? at(''))).toBe('2027-01-06T23:00:00.000Z');
  });

  test('two that overlap both count, each with its own end', () => {
    const frozen = calendar([], '2026-12-19..2026-12-26 UTC; 2026-12-24..2027-01-01 UTC', ['2027-01-03T08:00:00Z']);
    expect(isoOf(nextOpening(frozen, at('2026-12-20T00:00:00Z')) ?? at(''))).toBe('2027-01-03T08:00:00.000Z');
  });

  test('where midnight is skipped, they end when the clock is put forward', () => {
    const frozen = calendar([], '2026-04-20..2026-04-23 Africa/Cairo');
    expect(isoOf(nextOpening(frozen, at('2026-04-21T00:00:00Z')) ?? at(''))).toBe('2026-04-23T22:00:00.000Z');
  });

  test.each([
    ['2026-12-20.. UTC', /has no end/],
    ['2027-01-06..2026-12-20 UTC', /ends before it begins/],
    ['2026-12-20..2027-01-06', /is no time zone/],
    ['2026-12-20..2027-01-06 Europe/Berlin year end', /is no days with a time zone/],
    ['tomorrow UTC', /is no days with a time zone/],
    [`${'2026-12-20 UTC;'.repeat(10)}2026-12-20 UTC`, /more than 10 freezes/],
    [`2026-12-20${' '.repeat(400)}UTC`, /400 characters/],
  ])('“%s” is refused', (text, why) => {
    expect(freezeDatesOf(text)).toEqual({ wrong: expect.stringMatching(why) });
  });
});

describe('the next opening', () => {
  const TWO = fc.integer({ min: 0, max: 23 * 60 + 59 });
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const DAYS = ['', 'mon-fri ', 'sat,sun ', 'sun ', 'fri-mon '];
  const WINDOW = fc
    .tuple(fc.constantFrom(...DAYS), TWO, fc.integer({ min: 1, max: 24 }), fc.constantFrom(...ZONES))
    .map(([days, begin, hours, name]) => `${days}${clock(begin)}+${hours}h ${name}`);
  /** Days around which some of the zones put their clocks forward or back. */
  const NIGHTS = [
    '2026-03-07T12:00:00Z',
    '2026-03-28T12:00:00Z',
    '2026-04-04T00:00:00Z',
    '2026-04-23T12:00:00Z',
    '2026-09-05T12:00:00Z',
    '2026-10-03T00:00:00Z',
    '2026-10-24T12:00:00Z',
    '2026-10-31T12:00:00Z',
    '2011-12-29T12:00:00Z',
  ];

  test('is the first open minute, as somebody finds it who looks at every minute', () => {
    fc.assert(
      fc.property(
        fc.array(WINDOW, { minLength: 1, maxLength: 2 }),
        fc.constantFrom(...NIGHTS),
        fc.integer({ min: 0, max: 24 * 60 }),
        fc.boolean(),
        (texts, night, minutes, frozen) => {
          const from = plusMs(at(night), minutes * MINUTE_MS);
          const days = `${isoOf(from).slice(0, 10)} Africa/Cairo`;
          const open = calendar(texts, frozen ? days : '');
          const opening = nextOpening(open, from, 2);
          let first = 0;
          while (first < 2 * 24 * 60 && !isOpen(open, plusMs(from, first * MINUTE_MS))) first += 1;
          const looked = isOpen(open, plusMs(from, first * MINUTE_MS)) ? plusMs(from, first * MINUTE_MS) : undefined;
          return opening === looked;
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a further list of windows, or a freeze, never brings it forward (I17)', () => {
    fc.assert(
      fc.property(WINDOW, WINDOW, fc.constantFrom(...NIGHTS), (settings, own, night) => {
        const wide = nextOpening(calendar([settings]), at(night), 15);
        const narrow = nextOpening(calendar([settings, own]), at(night), 15);
        return wide !== undefined && (narrow === undefined || narrow >= wide);
      }),
      { numRuns: 60 },
    );
  });
});
