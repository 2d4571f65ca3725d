import { describe, expect, test } from '@jest/globals';
import { afterEmergency, emergencyIn, emergencyText } from '../../../src/core/alerts/leak-emergency.ts';

const ID = 'kw-1abc-x';
const error = (message: string, more: object = {}) => ({ error: { code: 1, message }, ...more });

describe('what the worker answers is', () => {
  test.each([
    [
      'begun, with where it stands',
      202,
      { outcome: 'begun', rotation: { phase: 'promoted', id: ID }, why: 'held' },
      `the emergency is begun (${ID}): held`,
    ],
    [
      'begun, and over',
      202,
      { outcome: 'begun', rotation: { phase: 'resting' }, why: 'nothing is due' },
      'the emergency is begun: consumers get a new key, and the old one is deleted',
    ],
    [
      'begun, and over while the key is alive',
      202,
      { outcome: 'same', rotation: { phase: 'resting' }, leakOpen: true, why: 'the key of version 1 is alive' },
      'the emergency is begun: the key of version 1 is alive',
    ],
    [
      'no second one for a request that had its own',
      202,
      { outcome: 'finished', rotation: { id: ID }, why: 'this request was abandoned' },
      'no emergency is begun: an earlier report began one, which is over: this request was abandoned',
    ],
    [
      'given up',
      202,
      { outcome: 'begun', rotation: { phase: 'resting' }, givenUp: true, why: 'no key' },
      'no emergency is begun: it was given up: no key',
    ],
    [
      'under way already',
      409,
      error('rotation x (leaked) is drained', { rotation: { phase: 'drained', id: ID } }),
      'no further emergency is begun, for a rotation is in flight: rotation x (leaked) is drained',
    ],
    ['a refusal', 422, error('not under care'), 'no emergency is begun: not under care'],
    ['a refusal of more', 429, error('3 within an hour'), 'no emergency is begun: 3 within an hour'],
    [
      'a write that was crossed',
      409,
      error('somebody else wrote'),
      'whether an emergency is begun is not known: somebody else wrote',
    ],
    ['a service that fails', 503, error('no answer'), 'whether an emergency is begun is not known: no answer'],
    [
      'none',
      429,
      undefined,
      'whether an emergency is begun is not known: the worker was asked and did not answer (429)',
    ],
    [
      'of another form',
      202,
      { why: 7 },
      'whether an emergency is begun is not known: the worker was asked and did not answer (202)',
    ],
  ] as const)('%s', (_, status, body, words) => {
    expect(emergencyText(emergencyIn(status, body))).toBe(words);
  });

  test('one line, without a key, whatever it says', () => {
    const key = 'AI' + 'za' + 'x'.repeat(35);
    expect(emergencyIn(422, error(`it holds\n${key} ${'w'.repeat(900)}`)).why).toMatch(
      /^it holds \[redacted key\] w+…$/,
    );
  });
});

test('who is told looks at what is begun, and begins what is not', () => {
  const commands = (['begun', 'under_way', 'refused', 'unknown'] as const).map(
    (is) => afterEmergency({ is, why: '' }).command?.words.join(' ') ?? '',
  );
  expect(commands.map((words) => words.includes('status'))).toEqual([true, true, false, false]);
  expect(commands.map((words) => words.includes('--emergency'))).toEqual([false, false, true, true]);
  expect(afterEmergency(undefined).command?.words).toContain('--emergency');
});
