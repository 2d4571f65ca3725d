import { describe, expect, test } from '@jest/globals';
import { partOf } from '../../../src/core/record/part.ts';
import { heardAgainAt, SILENCE_FORM, silenceProblem } from '../../../src/core/record/silence.ts';
import { readSilence, writeSilence } from '../../support/annotations.ts';
import { instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { AUTH_KEY } from '../../support/fixtures/gemini-answer-parts.ts';

const NOW = instantOf(Date.UTC(2026, 10, 24));
const DAY = 86_400_000;
const silence = { owner: 'ana@example.com', reason: 'the project moves', until: plusMs(NOW, DAY) };

describe('the silence annotation', () => {
  test('is read as it was written, one line that a person can read', () => {
    const text = '{"v":1,"owner":"ana@example.com","reason":"the project moves","until":"2026-11-25T00:00:00.000Z"}';
    expect(writeSilence(silence)).toBe(text);
    expect(readSilence(text, NOW)).toEqual({ is: 'silent', silence });
  });

  test('holds no key, whether we wrote it or somebody else did (I9)', () => {
    const pasted = { ...silence, owner: `ana ${AUTH_KEY}`, reason: `leaked ${AUTH_KEY}` };
    const clean = { ...silence, owner: 'ana [redacted key]', reason: 'leaked [redacted key]' };
    expect(readSilence(writeSilence(pasted), NOW)).toEqual({ is: 'silent', silence: clean });
    expect(writeSilence(pasted)).not.toContain(AUTH_KEY.slice(3, 20));
    const byHand = JSON.stringify({ v: 1, ...pasted, until: '2026-11-25T00:00:00Z' });
    expect(readSilence(byHand, NOW)).toEqual({ is: 'silent', silence: clean });
  });

  test('absent silences nothing', () => {
    expect(readSilence(undefined, NOW)).toEqual({ is: 'none' });
  });

  test('is over at its end, to the millisecond', () => {
    expect(readSilence(writeSilence(silence), plusMs(silence.until, -1)).is).toBe('silent');
    expect(readSilence(writeSilence(silence), silence.until)).toEqual({ is: 'over', silence });
  });

  test('may last 30 days and not longer', () => {
    const until = plusMs(NOW, 30 * DAY);
    expect(readSilence(writeSilence({ ...silence, until }), NOW).is).toBe('silent');
    expect(readSilence(writeSilence({ ...silence, until: plusMs(until, 1) }), NOW)).toEqual({
      is: 'not understood',
      problem: 'the annotation key-warden.silence is ignored: it ends more than 30 days from now',
    });
  });

  test.each([
    ['quiet please', 'it is not JSON of version 1'],
    [{ ...silence, v: 2 }, 'it is not JSON of version 1'],
    [{ ...silence, v: 1, owner: ' ' }, 'it names no owner'],
    [{ ...silence, v: 1, owner: 3 }, 'it names no owner'],
    [{ ...silence, v: 1, reason: '' }, 'it gives no reason'],
    [{ ...silence, v: 1, reason: ' ' }, 'it gives no reason'],
    [{ ...silence, v: 1, reason: undefined }, 'it gives no reason'],
    [{ ...silence, v: 1, until: 'Friday' }, 'it has no end such as 2026-01-31T12:00:00Z'],
    [{ ...silence, v: 1, until: undefined }, 'it has no end such as 2026-01-31T12:00:00Z'],
  ])('%j is ignored, with the reason, so that a typo switches nothing off', (value, why) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(readSilence(text, NOW)).toEqual({
      is: 'not understood',
      problem: `the annotation key-warden.silence is ignored: ${why}`,
    });
  });
});

test.each([
  [{ owner: ' ' }, 'it names no owner'],
  [{ until: plusMs(NOW, 31 * DAY) }, 'it ends more than 30 days from now'],
  [{ until: NOW }, /^its end .* is past$/],
])('what somebody asks for is refused in words about it, and not about an annotation: %j', (wrong, why) => {
  expect(silenceProblem({ ...silence, ...wrong }, NOW)).toMatch(why);
  expect(silenceProblem({ ...silence, until: plusMs(NOW, DAY) }, NOW)).toBeUndefined();
});

test('is over for everybody once the slowest clock has seen its end', () => {
  const heard = (text: string | undefined, now: Instant) => heardAgainAt(partOf(SILENCE_FORM, text), now);
  const at = (ms: number) => heard(writeSilence(silence), plusMs(silence.until, ms));
  expect([at(-1), at(0), at(59_999), at(60_000)]).toEqual([undefined, undefined, undefined, silence.until]);
  expect(heard(undefined, NOW)).toBeUndefined();
  expect(heard('quiet please', NOW)).toBeUndefined();
});
