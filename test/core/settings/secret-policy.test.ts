import { describe, expect, test } from '@jest/globals';
import { CARE_FIELDS, careProblem, DEFAULT_CARE, readCare } from '../../../src/core/settings/secret-policy.ts';
import { POLICY_BOUNDS } from '../../../src/core/health/check-policy.ts';
import { ROTATION_BOUNDS } from '../../../src/core/rotation/rotation-policy.ts';

describe('a secret’s own policy', () => {
  test('is the deployment’s where the annotation is absent', () => {
    expect(readCare(undefined, DEFAULT_CARE)).toEqual({ care: DEFAULT_CARE, problems: [] });
  });

  test('overrides what it names and keeps the rest', () => {
    const own = '{"v":1,"confirmAnswers":5,"drainHoursMin":12,"keyKind":"standard"}';
    const { care, problems } = readCare(own, DEFAULT_CARE);
    expect(care).toEqual({
      checks: { ...DEFAULT_CARE.checks, confirmAnswers: 5 },
      rotation: { ...DEFAULT_CARE.rotation, drainHoursMin: 12 },
      mint: { keyKind: 'standard' },
    });
    expect(problems).toEqual([]);
  });

  test.each([
    ['nonsense', 'key-warden.policy is not a JSON object'],
    ['[]', 'key-warden.policy is not a JSON object'],
    ['{"confirmAnswers":5}', 'key-warden.policy has version undefined; this release reads version 1'],
    ['{"v":2}', 'key-warden.policy has version 2; this release reads version 1'],
    ['{"v":1,"confirm":5}', `key-warden.policy: unknown field "confirm"; known: ${CARE_FIELDS.join(', ')}`],
    ['{"v":1,"confirmAnswers":0}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not 0'],
    ['{"v":1,"confirmAnswers":"5"}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not "5"'],
    ['{"v":1,"keyProject":7}', 'key-warden.policy: keyProject must be a project id or number, not 7'],
    [
      '{"v":1,"drainHoursMin":48,"drainHoursMax":24}',
      'key-warden.policy: drainHoursMin (48) is more than drainHoursMax (24), so no drain could end',
    ],
  ])('%j changes nothing and says why', (annotation, problem) => {
    expect(readCare(annotation, DEFAULT_CARE)).toEqual({ care: DEFAULT_CARE, problems: [problem] });
  });

  test('keeps the good fields beside a bad one, and names every bad one', () => {
    const { care, problems } = readCare('{"v":1,"goodRunsMin":1,"remindAfterHours":9999,"x":1}', DEFAULT_CARE);
    expect(care.checks.goodRunsMin).toBe(1);
    expect(care.checks.remindAfterHours).toBe(DEFAULT_CARE.checks.remindAfterHours);
    expect(problems).toHaveLength(2);
  });
});

test.each(Object.entries({ ...POLICY_BOUNDS, ...ROTATION_BOUNDS }))(
  '%s takes its bounds and its default, and nothing beyond',
  (name, { min, max, fallback }) => {
    const field = CARE_FIELDS.find((known) => known === name);
    if (field === undefined) throw new Error(`${name} is no policy field`);
    for (const value of [min, max, fallback]) expect(careProblem(field, value)).toBeUndefined();
    for (const value of [min - 1, max + 1, min + 0.5, NaN, null, 'x'])
      expect(careProblem(field, value)).toContain(name);
    expect({ ...DEFAULT_CARE.checks, ...DEFAULT_CARE.rotation }).toMatchObject({ [name]: fallback });
  },
);
