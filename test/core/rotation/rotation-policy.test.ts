import { expect, test } from '@jest/globals';
import { DEFAULT_ROTATION_POLICY, ROTATION_POLICY_BOUNDS } from '../../../src/core/rotation/rotation-policy.ts';

test.each(Object.entries(ROTATION_POLICY_BOUNDS))(
  '%s has a default within its own bounds',
  (field, { fallback, min, max }) => {
    expect(Object.entries(DEFAULT_ROTATION_POLICY)).toContainEqual([field, fallback]);
    expect(fallback).toBeGreaterThanOrEqual(min);
    expect(fallback).toBeLessThanOrEqual(max);
  },
);

test('no setting makes a drain shorter than six hours (I4)', () => {
  expect(ROTATION_POLICY_BOUNDS.drainHoursMin.min).toBe(6);
  expect(ROTATION_POLICY_BOUNDS.drainHoursUnmeasured.min).toBe(6);
});
