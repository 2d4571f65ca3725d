import { describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../src/core/values/time.ts';
import { memoryMeter } from './memory-meter.ts';

const [FROM, UNTIL] = [instantOf(0), instantOf(60_000)];

describe('the meter in memory', () => {
  test('knows no series of a key without a script', async () => {
    expect(await memoryMeter().usage('p', 'u', FROM, UNTIL)).toEqual({ known: true, requests: 0, series: 0 });
  });

  test('answers as the key’s script says, always or by the window, and keeps the questions', async () => {
    const meter = memoryMeter();
    meter.script('busy', { known: true, requests: 3, series: 1 });
    meter.script('late', ({ from }) => ({ known: true, requests: from === FROM ? 1 : 0, series: 1 }));
    expect(await meter.usage('p', 'busy', FROM, UNTIL)).toMatchObject({ requests: 3 });
    expect(await meter.usage('p', 'late', FROM, UNTIL)).toMatchObject({ requests: 1 });
    expect(await meter.usage('p', 'late', instantOf(1), UNTIL)).toMatchObject({ requests: 0 });
    expect(meter.questions[0]).toEqual({ project: 'p', uid: 'busy', from: FROM, until: UNTIL });
    expect(meter.questions).toHaveLength(3);
  });

  test('does not know what happened in no time, as the real one', async () => {
    const meter = memoryMeter();
    meter.script('busy', { known: true, requests: 3, series: 1 });
    const unknown = { known: false, why: 'the window is empty' };
    expect(await meter.usage('p', 'busy', UNTIL, FROM)).toEqual(unknown);
    expect(await meter.usage('p', 'busy', FROM, FROM)).toEqual(unknown);
  });
});
