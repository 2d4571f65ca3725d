import { describe, expect, test } from '@jest/globals';
import { recallDue, recallsOf, withRecall } from '../../../src/core/alerts/recalled-hold.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { incidentSteps } from '../../../src/core/alerts/channels/incident.ts';
import { gravityOf } from '../../../src/core/alerts/notice.ts';
import { canBeSilenced } from '../../../src/core/alerts/silenceable.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { NOTICES, ORIGIN } from '../../support/notices.ts';

const held = inFlight({ phase: 'promoted', held: true, holds: 1, since: ago(30) });

describe('a rotation that waits for a person', () => {
  test('is recalled after the hours that make an episode critical, and then every week', () => {
    const marks = withRecall('1k2j3h policy-0a9s8d', held, 1);
    expect(marks).toMatch(/^1k2j3h policy-0a9s8d held-\w+-1$/);
    expect(recallDue(held, null, 24, NOW)).toBe(1);
    expect(recallDue(held, null, 31, NOW)).toBeUndefined();
    expect(recallDue(held, marks, 24, NOW)).toBeUndefined();
    expect(recallDue(held, marks, 24, plusMs(NOW, 162 * HOUR_MS))).toBe(2);
    expect(recallDue({ ...held, held: false }, null, 24, NOW)).toBeUndefined();
  });

  test('counts from the last that is known of it, and not from a date ahead', () => {
    const measured = { ...held, drain: { use: 'busy', at: ago(10) } as const };
    expect(recallDue(measured, null, 11, NOW)).toBeUndefined();
    expect(recallDue(measured, null, 10, NOW)).toBe(1);
    expect(recallDue({ ...held, notBefore: plusMs(NOW, HOUR_MS) }, null, 24, NOW)).toBe(1);
    expect(recallDue({ ...held, notBefore: ago(1) }, null, 24, NOW)).toBeUndefined();
  });

  test('is another hold when it waits again, and what nobody wrote so counts as none', () => {
    const marks = withRecall(null, held, 3);
    expect(recallsOf(marks, held)).toBe(3);
    expect(recallsOf(marks, { ...held, holds: 2 })).toBe(0);
    expect(recallsOf(marks.replace(/3$/, 'zzzz'), held)).toBe(0);
    expect(recallsOf(marks.replace(/3$/, '!'), held)).toBe(0);
    expect(recallsOf(withRecall(null, { id: 'kw-2' }, 1), { id: 'kw-2' })).toBe(1);
    expect(recallDue(held, withRecall(null, held, 104), 1, plusMs(NOW, 30_000 * HOUR_MS))).toBeUndefined();
  });

  test('is a new incident when it is recalled, which its end closes and a silence can hold back', () => {
    const notice = { ...NOTICES['rotation.held'], recalls: 1 } as const;
    const event = eventOf(notice, ORIGIN);
    expect(event.id).toMatch(/\/rotation\.held\/1\/again\/1$/);
    expect(event.data).toMatchObject({ severity: 'critical', gravity: 'critical', again: true });
    expect(event.data.headline).toBe('app-key · rotation still waits for a person · demo-project');
    expect(event.data.quiet).toContain('silence');
    expect(incidentSteps(event.data).map(({ act }) => act)).toEqual(['trigger', 'resolve']);
    expect(canBeSilenced(event.data)).toBe(true);
    expect(gravityOf({ ...NOTICES['rotation.completed'], recalls: 1 })).toBe('critical');
  });
});
