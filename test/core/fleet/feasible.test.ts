import { describe, expect, test } from '@jest/globals';
import { impossible, type Planned } from '../../../src/core/fleet/feasible.ts';
import { DEFAULT_ROTATION_POLICY, type RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';

const USUAL = { rotationsMax: 20, runEveryMinutes: 5 };

const secrets = (count: number, perProject: number, fields: Partial<RotationPolicy> = {}): readonly Planned[] =>
  Array.from({ length: count }, (_, at) => ({
    keyProject: `p${Math.floor(at / perProject)}`,
    policy: { ...DEFAULT_ROTATION_POLICY, ...fields },
  }));

describe('what the arithmetic says', () => {
  test('2,000 keys a quarter work with what is set by default', () => {
    expect(impossible(secrets(2000, 125), USUAL)).toEqual([]);
    expect(impossible([], USUAL)).toEqual([]);
  });

  test('more keys that come due than may be begun', () => {
    expect(impossible(secrets(2000, 125), { rotationsMax: 1, runEveryMinutes: 120 })).toEqual([
      '23 of 2000 keys come due a day, and 1 at a time are not enough: set KEY_WARDEN_ROTATIONS_MAX to 2 or more',
    ]);
    const daily = secrets(20_000, 100, { maxAgeDays: 10, destroyAfterDays: 1 });
    expect(impossible(daily, { rotationsMax: 500, runEveryMinutes: 60 })[0]).toContain(
      'raise KEY_WARDEN_MAX_AGE_DAYS, or run reconcile more often than every 60 minutes',
    );
    expect(impossible(secrets(2000, 125), { rotationsMax: 0, runEveryMinutes: 60 })).toEqual([]);
  });

  test('more than may be begun while windows are open, however fast the worker is at other times', () => {
    const slow = { rotationsMax: 1, runEveryMinutes: 60 };
    expect(impossible(secrets(2000, 125), slow)).toEqual([]);
    expect(impossible(secrets(2000, 125), { ...slow, openHours: 28 })).toEqual([
      '23 of 2000 keys come due a day, and 1 at a time in windows that are open 28 hours of the week are not enough: set KEY_WARDEN_ROTATIONS_MAX to 6 or more, or open the windows for longer',
    ]);
    expect(impossible(secrets(2000, 125), { ...slow, openHours: 0 })[0]).toContain('raise KEY_WARDEN_MAX_AGE_DAYS');
  });

  test('more keys than a project holds', () => {
    expect(impossible(secrets(200, 200), USUAL)).toEqual([]);
    expect(impossible(secrets(250, 250), USUAL)).toEqual([
      'project p0: 250 secrets need 356 keys at a time, deleted ones included, and a project holds 300: have keys of some made in another project (keyProject), or rotate less often',
    ]);
    expect(impossible(secrets(250, 250, { maxAgeDays: 0 }), USUAL)).toEqual([]);
  });

  test('more old keys than a ledger takes', () => {
    const often = impossible(secrets(3, 1, { maxAgeDays: 1 }), USUAL);
    expect(often).toEqual([expect.stringContaining('3 secrets are rotated so often that more than 20 old keys')]);
    expect(impossible(secrets(3, 1, { maxAgeDays: 1, destroyAfterDays: 12 }), USUAL)).toEqual([]);
  });
});
