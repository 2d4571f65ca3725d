import { describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY, POLICY_BOUNDS, policyProblem, readPolicy } from '../../src/core/policy.ts';

describe('a secret’s own policy', () => {
  test('is the deployment’s where the annotation is absent', () => {
    expect(readPolicy(undefined, DEFAULT_POLICY)).toEqual({ policy: DEFAULT_POLICY, problems: [] });
  });

  test('overrides what it names and keeps the rest', () => {
    const { policy, problems } = readPolicy('{"v":1,"confirmAnswers":5,"deepEveryHours":6}', DEFAULT_POLICY);
    expect(policy).toEqual({ ...DEFAULT_POLICY, confirmAnswers: 5, deepEveryHours: 6 });
    expect(problems).toEqual([]);
  });

  test.each([
    ['nonsense', 'key-warden.policy is not a JSON object'],
    ['[]', 'key-warden.policy is not a JSON object'],
    ['{"confirmAnswers":5}', 'key-warden.policy has version undefined; this release reads version 1'],
    ['{"v":2}', 'key-warden.policy has version 2; this release reads version 1'],
    [
      '{"v":1,"confirm":5}',
      `key-warden.policy has an unknown field "confirm"; known: ${Object.keys(POLICY_BOUNDS).join(', ')}`,
    ],
    ['{"v":1,"confirmAnswers":0}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not 0'],
    ['{"v":1,"confirmAnswers":"5"}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not "5"'],
  ])('%j changes nothing and says why', (annotation, problem) => {
    expect(readPolicy(annotation, DEFAULT_POLICY)).toEqual({ policy: DEFAULT_POLICY, problems: [problem] });
  });

  test('keeps the good fields beside a bad one, and names every bad one', () => {
    const { policy, problems } = readPolicy('{"v":1,"goodRunsMin":1,"remindAfterHours":9999,"x":1}', DEFAULT_POLICY);
    expect(policy.goodRunsMin).toBe(1);
    expect(policy.remindAfterHours).toBe(DEFAULT_POLICY.remindAfterHours);
    expect(problems).toHaveLength(2);
  });
});

describe('a policy number', () => {
  test.each(Object.entries(POLICY_BOUNDS))(
    '%s takes its bounds and its default, and nothing beyond',
    (name, { min, max, fallback }) => {
      const field = Object.keys(DEFAULT_POLICY).find((known): known is keyof typeof DEFAULT_POLICY => known === name);
      if (field === undefined) throw new Error(`${name} is no policy field`);
      for (const value of [min, max, fallback]) expect(policyProblem(field, value)).toBeUndefined();
      for (const value of [min - 1, max + 1, min + 0.5, NaN, null, 'x'])
        expect(policyProblem(field, value)).toContain(name);
      expect(DEFAULT_POLICY[field]).toBe(fallback);
    },
  );
});
