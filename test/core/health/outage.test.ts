import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { diagnosisOf, type Depth, type Finding } from '../../../src/core/health/finding.ts';
import { isPartOf, sharedTroublesOf } from '../../../src/core/health/outage.ts';
import { talliesOf } from '../../../src/core/health/tally.ts';

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

/** How the fleet stands, without its projects. */
const fleetOf = (...causes: readonly Cause[]) => sharedTroublesOf(talliesOf(findings(...causes)), new Map())[0];
/** How the one project of these findings stands. */
const projectOf = (...those: readonly Finding[]) => sharedTroublesOf(talliesOf(those), new Map())[1];
const at = (depth: Depth, ...causes: readonly Cause[]) => findings(...causes).map((finding) => ({ ...finding, depth }));

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
    ['a project’s trouble is not the fleet’s', ['billing_disabled', 'billing_disabled', 'billing_disabled'], undefined],
    [
      'a store that does not answer',
      ['store_unavailable', 'store_unavailable', 'store_unavailable', 'ok'],
      'store_unavailable',
    ],
  ])('%s', (_, causes, cause) => {
    expect(fleetOf(...causes)?.outage?.cause).toBe(cause);
  });

  test('names the project of the keys where all of them are of one', () => {
    const billing = findings('billing_disabled', 'billing_disabled', 'billing_disabled');
    const of = (...projects: readonly string[]) =>
      projectOf(
        ...billing.map((finding, n) => ({
          ...finding,
          diagnosis: { ...finding.diagnosis, ...(projects[n] === undefined ? {} : { keyProject: projects[n] }) },
        })),
      )?.outage?.keyProject;
    expect(of('4711', '4711', '4711')).toBe('4711');
    expect(of('4711', '4711', '9')).toBeUndefined();
    expect(of('4711', '4711')).toBeUndefined();
    expect(of()).toBeUndefined();
  });

  test('counts all that fail alike', () => {
    const fleet = fleetOf('timeout', 'network', 'network', 'unknown', 'ok');
    expect(fleet?.outage).toMatchObject({ cause: 'network', failing: 3, seen: 5, message: 'why 1' });
  });

  test('says how many of how many, and shows one answer', () => {
    expect(fleetOf('ok', 'timeout', 'timeout', 'timeout')?.outage).toEqual({
      type: 'fleet.outage',
      cause: 'timeout',
      failing: 3,
      seen: 4,
      message: 'why 1',
    });
  });
});

describe('a run as a check of the fleet', () => {
  const diagnosed = (...causes: readonly Cause[]) => fleetOf(...causes)?.diagnosis;

  test('is firm about an outage: half of the keys need no second opinion', () => {
    expect(diagnosed('timeout', 'timeout', 'timeout')).toEqual({
      verdict: 'blocked',
      cause: 'timeout',
      definitive: true,
      message: 'why 0',
    });
  });

  test('is good when most keys could be judged, whatever was found', () => {
    expect(diagnosed('ok', 'key_leaked', 'billing_disabled', 'timeout')).toMatchObject({
      verdict: 'works',
      message: '3 of 4 were judged',
    });
  });

  test.each<readonly [string, readonly Cause[]]>([
    ['nothing was seen', []],
    ['too few were seen to tell', ['timeout', 'timeout']],
    ['half of the keys could not be judged, each for its own reason', ['timeout', 'unknown', 'ok', 'ok']],
  ])('shows nothing when %s', (_, causes) => {
    expect(diagnosed(...causes)).toBeUndefined();
  });
});

describe('trouble common to a project', () => {
  test.each<readonly [string, readonly Finding[], Cause | undefined]>([
    ['all well', findings('ok', 'ok', 'ok'), undefined],
    ['two alike', findings('billing_disabled', 'billing_disabled'), undefined],
    ['three alike', findings('spend_cap', 'spend_cap', 'spend_cap'), 'spend_cap'],
    ['three of seven', findings('spend_cap', 'spend_cap', 'spend_cap', 'ok', 'ok', 'ok', 'ok'), undefined],
    ['keys that died, each on its own', findings('key_leaked', 'key_leaked', 'key_leaked'), undefined],
    ['restrictions, each on its key', findings('api_blocked', 'api_blocked', 'api_blocked'), undefined],
    ['a quota that comes back by itself', findings('quota_exceeded', 'quota_exceeded', 'quota_exceeded'), undefined],
    [
      'three of three that went deep, among shallow ones that saw nothing',
      [...at('deep', 'prepay_depleted', 'prepay_depleted', 'prepay_depleted'), ...at('shallow', ...many('ok', 50))],
      'prepay_depleted',
    ],
    [
      'three of seven of which nobody was asked',
      [...at('none', 'billing_disabled', 'billing_disabled', 'billing_disabled'), ...at('shallow', ...many('ok', 4))],
      undefined,
    ],
    [
      'three of seven that went deep',
      at('deep', 'prepay_depleted', 'prepay_depleted', 'prepay_depleted', ...many('ok', 4)),
      undefined,
    ],
  ])('%s', (_, those, cause) => {
    const outage = projectOf(...those)?.outage;
    expect([outage?.cause, outage?.project]).toEqual([cause, cause && 'p']);
  });

  test('is judged as what it is', () => {
    const { diagnosis } = projectOf(...findings('spend_cap', 'spend_cap', 'spend_cap')) ?? {};
    expect(diagnosis).toEqual(diagnosisOf('spend_cap', 'why 0'));
  });

  test.each<readonly [string, readonly Cause[], boolean]>([
    ['most keys are judged and none shows it', ['ok', 'ok', 'key_leaked', 'timeout'], true],
    ['one still shows it', ['ok', 'ok', 'ok', 'spend_cap'], false],
    ['half of them could not be judged', ['ok', 'ok', 'timeout', 'network'], false],
  ])('is over when %s: %#', (_, causes, isOver) => {
    expect(projectOf(...findings(...causes))?.diagnosis?.verdict).toBe(isOver ? 'works' : undefined);
  });

  test('that is on record goes on while one key shows it, whatever else is found', () => {
    const [, trouble] = sharedTroublesOf(
      talliesOf(findings('ok', 'spend_cap', 'ok', 'ok')),
      new Map([['p', 'spend_cap']]),
    );
    expect(trouble).toMatchObject({
      outage: { cause: 'spend_cap', failing: 1, seen: 4 },
      diagnosis: { verdict: 'blocked' },
    });
    const [, other] = sharedTroublesOf(
      talliesOf(findings('ok', 'quota_zero', 'ok', 'ok')),
      new Map([['p', 'spend_cap']]),
    );
    expect([other?.outage, other?.diagnosis]).toEqual([undefined, undefined]);
  });

  test('is told apart by project, and accounts for that project’s findings of that cause only', () => {
    const here = findings('spend_cap', 'spend_cap', 'spend_cap');
    const there = findings('spend_cap', 'ok').map((finding) => ({ ...finding, project: 'q' }));
    const shared = sharedTroublesOf(talliesOf([...here, ...there]), new Map());
    expect(shared.map(({ project, name, seen }) => [project, name, seen])).toEqual([
      [undefined, 'outage', 5],
      ['p', 'projects/p/outage', 3],
      ['q', 'projects/q/outage', 2],
    ]);
    const parts = [...here, ...there, ...findings('ok')].map((finding) =>
      shared.some((trouble) => isPartOf(trouble, finding)),
    );
    expect(parts).toEqual([true, true, true, false, false, false]);
  });
});

function many(cause: Cause, count: number): readonly Cause[] {
  return Array.from({ length: count }, () => cause);
}
