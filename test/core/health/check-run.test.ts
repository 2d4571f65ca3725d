import { describe, expect, test } from '@jest/globals';
import { CAUSES, isCause, type Cause } from '../../../src/core/causes/causes.ts';
import { ADD_VERSION } from '../../../src/core/google/gcloud.ts';
import { diagnosisOf, type Finding } from '../../../src/core/health/finding.ts';
import { exitCodeOf, exitCodeOfReport, REPORT_SCHEMA, reportOf, type Run } from '../../../src/core/health/check-run.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { runOf } from '../../support/runs.ts';

const finding = (cause: Cause, more: Partial<Finding> = {}): Finding => ({
  secret: 'projects/123/secrets/app-key',
  project: 'demo-project',
  version: 3,
  readAs: 'current',
  depth: 'shallow',
  answers: 1,
  diagnosis: diagnosisOf(cause, 'why'),
  lint: [],
  notes: [],
  ...more,
});

const run = (causes: readonly Cause[], more: Partial<Run> = {}): Run =>
  runOf(
    causes.map((cause) => ({ finding: finding(cause), health: 'well', announced: [], problems: [] })),
    { finishedAt: instantOf(1500), ...more },
  );

describe('a report', () => {
  test('counts every verdict, what was expected and what was seen', () => {
    expect(
      reportOf(
        run(['ok', 'ok', 'key_leaked', 'ip_blocked', 'rate_limited', 'timeout'], { expected: 9, problems: ['late'] }),
      ),
    ).toMatchObject({
      schema: REPORT_SCHEMA,
      startedAt: '1970-01-01T00:00:00.000Z',
      finishedAt: '1970-01-01T00:00:01.500Z',
      expected: 9,
      seen: 6,
      verdicts: { works: 2, dead: 1, blocked: 1, throttled: 1, unclear: 1 },
      problems: ['late'],
    });
  });

  test('carries the cure with the names filled in', () => {
    const [row] = reportOf(run(['version_disabled'])).secrets;
    expect(row).toMatchObject({
      secret: 'projects/123/secrets/app-key',
      verdict: 'blocked',
      cause: 'version_disabled',
      severity: 'critical',
      newKeyHelps: false,
      definitive: true,
      message: 'why',
      runbook: 'version_disabled',
      health: 'well',
    });
    expect(row?.remedy.join('\n')).toContain(
      '`gcloud secrets versions enable 3 --secret=app-key --project=demo-project`',
    );
    expect(row?.remedy.join('\n')).toContain('`key-warden check --secret projects/demo-project/secrets/app-key`');
  });

  test('carries what keys have in common', () => {
    const outage = { type: 'fleet.outage', cause: 'timeout', failing: 3, seen: 3, message: 'x' } as const;
    expect(reportOf(run(['timeout'], { outages: [outage] })).outages).toEqual([outage]);
  });

  test('fills the names into what the linter says', () => {
    const lint = [
      {
        kind: 'quoted',
        says: 'quotes',
        cure: { do: 'again', command: ADD_VERSION },
      },
    ] as const;
    const checked = [{ finding: finding('ok', { lint }), health: 'well', announced: [], problems: [] }] as const;
    expect(reportOf(run([], { checked })).secrets[0]?.lint[0]?.cure).toBe(
      'again: `gcloud secrets versions add app-key --data-file=- --project=demo-project`',
    );
  });
});

describe('the exit code', () => {
  test.each<readonly [readonly Cause[], Partial<Run>, number]>([
    [['ok'], {}, 0],
    [[], {}, 3],
    [['rate_limited'], {}, 0],
    [['ok', 'key_leaked', 'access_denied'], {}, 1],
    [['stored_bytes_unclean'], {}, 1],
    [['timeout', 'access_denied'], {}, 4],
    [['timeout', 'no_credentials'], {}, 4],
    [['store_disabled'], {}, 4],
    [['secret_missing'], {}, 4],
    [['timeout'], {}, 3],
    [['ok'], { problems: ['project x was not listed'] }, 3],
  ])('of %j with %j is %d', (causes, more, code) => {
    expect(exitCodeOf(run(causes, more))).toBe(code);
  });
});

test('a cause is known by its own name only', () => {
  expect(Object.keys(CAUSES).every(isCause)).toBe(true);
  for (const word of ['toString', 'bad luck', 7, undefined]) expect(isCause(word)).toBe(false);
});

describe('the exit code of a report that does not list every secret', () => {
  test.each([
    ['all work', ['ok', 'ok'], 0],
    ['one that is not listed is dead', ['ok', 'key_leaked'], 1],
    ['one that is not listed is unclear', ['ok', 'timeout'], 3],
    ['one that is listed may not be read', ['access_denied'], 4],
  ] as const)('%s', (_, causes, code) => {
    const whole = reportOf(run(causes));
    const [first] = whole.secrets;
    expect(exitCodeOfReport({ ...whole, secrets: first === undefined ? [] : [first] })).toBe(code);
  });
});
