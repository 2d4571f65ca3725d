import { describe, expect, test } from '@jest/globals';
import { calendarProblem } from '../../../src/core/calendar/calendar-policy.ts';
import { ownCalendarProblem, waitingFor } from '../../../src/core/calendar/waiting.ts';
import { instantOf, isoOf, parseInstant } from '../../../src/core/values/time.ts';

const NOW = parseInstant('2026-11-24T20:00:00Z') ?? instantOf(NaN);
const END = parseInstant('2026-12-01T08:30:30Z') ?? instantOf(NaN);
const OFFICE = 'mon-fri 09:00-16:00 Europe/Berlin';

describe('what keeps a planned rotation from beginning', () => {
  test('nothing, where nobody said anything or a window is open', () => {
    expect(waitingFor({ settings: {}, own: {}, frozen: [] }, NOW)).toBeUndefined();
    expect(
      waitingFor({ settings: { windows: '20:00+2h UTC' }, own: { freezes: '2026-11-25 UTC' }, frozen: [] }, NOW),
    ).toBeUndefined();
  });

  test('is named with all that stands in the way, and when the next one may begin, never too early', () => {
    const waiting = waitingFor(
      {
        settings: { windows: OFFICE, freezes: '2026-11-24 UTC' },
        own: { windows: 'sat UTC', freezes: '2026-11-24..2026-11-25 UTC' },
        frozen: [{ words: 'frozen by ops', until: END }],
      },
      NOW,
    );
    expect(waiting?.why).toBe(
      `the settings let rotations begin only ${OFFICE}; the settings freeze 2026-11-24 UTC; the secret’s own policy let rotations begin only sat UTC; the secret’s own policy freeze 2026-11-24..2026-11-25 UTC; frozen by ops; within 400 days there is no moment at which one may begin`,
    );
    const frozen = waitingFor({ settings: {}, own: {}, frozen: [{ words: 'frozen by ops', until: END }] }, NOW);
    expect([frozen?.why, isoOf(frozen?.until ?? NOW)]).toEqual([
      'frozen by ops; the next one may begin 2026-12-01 08:31 UTC',
      '2026-12-01T08:30:30.000Z',
    ]);
  });
});

describe('a secret’s own calendar (I17)', () => {
  const problem = (own: object, settings: object = {}) => ownCalendarProblem({ settings, own }, NOW);

  test('may hold back for a month what the settings let begin', () => {
    expect(problem({})).toBeUndefined();
    expect(problem({ windows: 'sat UTC' }, { windows: 'sat,sun UTC' })).toBeUndefined();
    expect(problem({ freezes: '2026-11-24..2026-12-24 UTC' })).toBeUndefined();
  });

  test('is a mistake where it holds back for longer, or for ever', () => {
    expect(problem({ freezes: '2026-11-24..2026-12-26 UTC' })).toMatch(/for more than 31 days. Shorten them/);
    expect(problem({ windows: 'sat UTC' }, { windows: OFFICE })).toContain('for more than 31 days');
  });

  test('is no mistake where the settings themselves let nothing begin', () => {
    expect(problem({ windows: 'sat UTC' }, { windows: '2020-01-01 UTC' })).toBeUndefined();
  });
});

test('a field says what is wrong with it, and what to write', () => {
  expect(calendarProblem('windows', OFFICE)).toBeUndefined();
  expect(calendarProblem('freezes', '2026-12-24 UTC')).toBeUndefined();
  expect(calendarProblem('windows', 5)).toBe('windows must be text such as mon-thu 09:00-16:00 Europe/Berlin');
  expect(calendarProblem('freezes', '2026-12-24.. UTC')).toContain('has no end');
});
