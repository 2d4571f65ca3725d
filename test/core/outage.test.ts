import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../src/core/causes.ts';
import { diagnosisOf, type Finding } from '../../src/core/finding.ts';
import { commonOutage, fleetDiagnosis } from '../../src/core/outage.ts';

const findings = (...causes: readonly Cause[]): readonly Finding[] =>
  causes.map((cause, n) => ({
    secret: `projects/1/secrets/s${n}`,
    project: 'p',
    readAs: 'current',
    depth: 'shallow',
    answers: 1,
    diagnosis: diagnosisOf(cause, `why ${n}`),
    lint: [],
    notes: [],
  }));

describe('trouble common to a run', () => {
  test.each<readonly [string, readonly Cause[], Cause | undefined]>([
    ['nothing', [], undefined],
    ['all well', ['ok', 'ok', 'ok'], undefined],
    ['two alike are taken one by one', ['egress_blocked', 'egress_blocked'], undefined],
    ['three alike are the worker’s trouble', ['egress_blocked', 'egress_blocked', 'egress_blocked'], 'egress_blocked'],
    ['half of the secrets are enough', ['timeout', 'timeout', 'timeout', 'ok', 'ok', 'ok'], 'timeout'],
    ['less than half are not', ['timeout', 'timeout', 'timeout', 'ok', 'ok', 'ok', 'ok'], undefined],
    [
      'whatever went wrong on the way adds up',
      ['timeout', 'network', 'network', 'overloaded', 'server_error'],
      'network',
    ],
    ['and may be half of it', ['timeout', 'network', 'server_error', 'ok', 'ok', 'ok'], 'timeout'],
    ['and more than a cause of its own', ['unknown', 'unknown', 'timeout', 'network', 'overloaded'], 'timeout'],
    ['other causes do not add up', ['access_denied', 'bad_request', 'unknown', 'timeout'], undefined],
    ['nor with those on the way', ['timeout', 'network', 'unknown', 'ok', 'ok'], undefined],
    [
      'a location refusal condemns the address',
      ['location_unsupported', 'location_unsupported', 'location_unsupported'],
      'location_unsupported',
    ],
    ['and so does an address restriction', ['ip_blocked', 'ip_blocked', 'ip_blocked'], 'ip_blocked'],
    ['dead keys are dead each on its own', ['key_leaked', 'key_leaked', 'key_leaked'], undefined],
    ['blocked keys too', ['billing_disabled', 'billing_disabled', 'billing_disabled'], undefined],
    [
      'a store that does not answer',
      ['store_unavailable', 'store_unavailable', 'store_unavailable', 'ok'],
      'store_unavailable',
    ],
  ])('%s', (_, causes, cause) => {
    expect(commonOutage(findings(...causes))?.cause).toBe(cause);
  });

  test('counts all that fail alike', () => {
    const run = findings('timeout', 'network', 'network', 'unknown', 'ok');
    expect(commonOutage(run)).toMatchObject({ cause: 'network', failing: 3, seen: 5, message: 'why 1' });
  });

  test('says how many of how many, and shows one answer', () => {
    expect(commonOutage(findings('ok', 'timeout', 'timeout', 'timeout'))).toEqual({
      type: 'fleet.outage',
      cause: 'timeout',
      failing: 3,
      seen: 4,
      message: 'why 1',
    });
  });
});

describe('a run as a check of the fleet', () => {
  const diagnosed = (...causes: readonly Cause[]) =>
    fleetDiagnosis(findings(...causes), commonOutage(findings(...causes)));

  test('is firm about an outage: half of the keys need no second opinion', () => {
    expect(diagnosed('timeout', 'timeout', 'timeout')).toEqual({
      verdict: 'blocked',
      cause: 'timeout',
      definitive: true,
      message: 'why 0',
    });
  });

  test('is good when most keys could be judged, whatever was found', () => {
    expect(diagnosed('ok', 'key_leaked', 'billing_disabled', 'timeout')).toMatchObject({ verdict: 'works' });
  });

  test.each<readonly [string, readonly Cause[]]>([
    ['nothing was seen', []],
    ['too few were seen to tell', ['timeout', 'timeout']],
    ['half of the keys could not be judged, each for its own reason', ['timeout', 'unknown', 'ok', 'ok']],
  ])('shows nothing when %s', (_, causes) => {
    expect(diagnosed(...causes)).toBeUndefined();
  });
});
