import { readSecretPolicy } from '../../support/annotations.ts';
import { describe, expect, test } from '@jest/globals';
import {
  SECRET_POLICY_FIELDS,
  secretPolicyAt,
  secretPolicyProblem,
  DEFAULT_SECRET_POLICY,
} from '../../../src/core/settings/secret-policy.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { CHECK_POLICY_BOUNDS } from '../../../src/core/health/check-policy.ts';
import { ROTATION_POLICY_BOUNDS } from '../../../src/core/rotation/rotation-policy.ts';

describe('a secret’s own policy', () => {
  test('is the deployment’s where the annotation is absent', () => {
    expect(readSecretPolicy(undefined, DEFAULT_SECRET_POLICY)).toEqual({
      secretPolicy: DEFAULT_SECRET_POLICY,
      problems: [],
    });
  });

  test('overrides what it names and keeps the rest', () => {
    const own = '{"v":1,"confirmAnswers":5,"drainHoursMin":12,"keyKind":"standard"}';
    const { secretPolicy, problems } = readSecretPolicy(own, DEFAULT_SECRET_POLICY);
    expect(secretPolicy).toEqual({
      checks: { ...DEFAULT_SECRET_POLICY.checks, confirmAnswers: 5 },
      rotation: { ...DEFAULT_SECRET_POLICY.rotation, drainHoursMin: 12 },
      mint: { keyKind: 'standard' },
    });
    expect(problems).toEqual([]);
  });

  test.each([
    ['nonsense', 'key-warden.policy is not a JSON object'],
    ['[]', 'key-warden.policy is not a JSON object'],
    ['{"confirmAnswers":5}', 'key-warden.policy has version undefined; this release reads version 1'],
    ['{"v":2}', 'key-warden.policy has version 2; this release reads version 1'],
    ['{"v":1,"confirm":5}', `key-warden.policy: unknown field "confirm"; known: ${SECRET_POLICY_FIELDS.join(', ')}`],
    ['{"v":1,"confirmAnswers":0}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not 0'],
    ['{"v":1,"confirmAnswers":"5"}', 'key-warden.policy: confirmAnswers must be a whole number from 1 to 10, not "5"'],
    ['{"v":1,"keyProject":7}', 'key-warden.policy: keyProject must be a project id or number, not 7'],
    [
      '{"v":1,"drainHoursMin":48,"drainHoursMax":24}',
      'key-warden.policy: drainHoursMin (48) is more than drainHoursMax (24), so no drain could end',
    ],
  ])('%j changes nothing and says why', (annotation, problem) => {
    expect(readSecretPolicy(annotation, DEFAULT_SECRET_POLICY)).toEqual({
      secretPolicy: DEFAULT_SECRET_POLICY,
      problems: [problem],
    });
  });

  test('keeps the good fields beside a bad one, and names every bad one', () => {
    const { secretPolicy, problems } = readSecretPolicy(
      '{"v":1,"goodRunsMin":5,"remindAfterHours":9999,"x":1}',
      DEFAULT_SECRET_POLICY,
    );
    expect(secretPolicy.checks.goodRunsMin).toBe(5);
    expect(secretPolicy.checks.remindAfterHours).toBe(DEFAULT_SECRET_POLICY.checks.remindAfterHours);
    expect(problems).toHaveLength(2);
  });
});

test.each(Object.entries({ ...CHECK_POLICY_BOUNDS, ...ROTATION_POLICY_BOUNDS }))(
  '%s takes its bounds and its default, and nothing beyond',
  (name, { min, max, fallback }) => {
    const field = SECRET_POLICY_FIELDS.find((known) => known === name);
    if (field === undefined) throw new Error(`${name} is no policy field`);
    for (const value of [min, max, fallback]) expect(secretPolicyProblem(field, value)).toBeUndefined();
    for (const value of [min - 1, max + 1, min + 0.5, NaN, null, 'x'])
      expect(secretPolicyProblem(field, value)).toContain(name);
    expect({ ...DEFAULT_SECRET_POLICY.checks, ...DEFAULT_SECRET_POLICY.rotation }).toMatchObject({ [name]: fallback });
  },
);

test('a calendar of its own that holds a rotation back for too long is a problem at that moment', () => {
  const record = recordOf({ 'key-warden.policy': '{"v":1,"windows":"2027-06-01 UTC"}' });
  const at = (text: string) => secretPolicyAt(record, DEFAULT_SECRET_POLICY, instantOf(Date.parse(text))).problems;
  expect(at('2027-05-31T00:00:00Z')).toEqual([]);
  expect(at('2027-01-01T00:00:00Z')).toEqual([
    expect.stringMatching(/^key-warden.policy: windows and freezes: .* for more than 31 days/),
  ]);
});
