import { describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../src/core/values/time.ts';
import { usage } from '../used-hours.ts';
import { memoryMeter } from './memory-meter.ts';

const [FROM, UNTIL] = [instantOf(0), instantOf(60_000)];
const BUSY = usage([{ endsAt: UNTIL, requests: 3 }]);

describe('the meter in memory', () => {
  test('has never counted a key without a script', async () => {
    expect(await memoryMeter().usage('p', 'u', FROM, UNTIL)).toEqual({ known: true, hours: [] });
  });

  test('answers as the key’s script says, always or by the window, and keeps the questions', async () => {
    const meter = memoryMeter();
    meter.script('busy', BUSY);
    meter.script('late', ({ from }) => (from === FROM ? BUSY : usage([])));
    expect(await meter.usage('p', 'busy', FROM, UNTIL)).toBe(BUSY);
    expect(await meter.usage('p', 'late', FROM, UNTIL)).toBe(BUSY);
    expect(await meter.usage('p', 'late', instantOf(1), UNTIL)).toEqual(usage([]));
    expect(meter.questions[0]).toEqual({ project: 'p', uid: 'busy', from: FROM, until: UNTIL });
    expect(meter.questions).toHaveLength(3);
  });

  test('does not know what happened in no time, as the real one', async () => {
    const meter = memoryMeter();
    meter.script('busy', BUSY);
    const unknown = { known: false, why: 'the window is empty' };
    expect(await meter.usage('p', 'busy', UNTIL, FROM)).toEqual(unknown);
    expect(await meter.usage('p', 'busy', FROM, FROM)).toEqual(unknown);
  });
});
