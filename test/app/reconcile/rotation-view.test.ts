import { recordOf } from '../../../src/core/record/secret-record.ts';
import { describe, expect, test } from '@jest/globals';
import { rotationViewOf } from '../../../src/app/reconcile/rotation-view.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { judge } from '../../../src/core/health/health.ts';
import { UNSEEN } from '../../../src/core/record/health-state.ts';
import { HEALTH_ANNOTATION } from '../../../src/core/record/health-text.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeHealth, writeJournal, writeHistory, writeRetired } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION, type Past, type Retired } from '../../../src/core/record/ledger.ts';
import { ago, ahead, FROM_KEY, inFlight, NOW } from '../../support/journals.ts';

const OLD: Past = { id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, at: ago(1) };

const EMPTY = '{"v":1,"list":[]}';

function outlook(journal: Partial<InFlight> | undefined, past: readonly Past[] = [], retired: readonly Retired[] = []) {
  return outlookIn({
    ...(journal === undefined ? {} : { [ROTATION_ANNOTATION]: writeJournal(inFlight(journal)) ?? '' }),
    [HISTORY_ANNOTATION]: writeHistory(past) ?? EMPTY,
    [RETIRED_ANNOTATION]: writeRetired(retired) ?? EMPTY,
  });
}

function outlookIn(annotations: Readonly<Record<string, string>>) {
  const name = 'projects/7/secrets/s';
  const record = recordOf(annotations);
  const sighting = { name, etag: '"1"', labels: {}, annotations, record, aliases: {}, createdAt: ago(9) };
  return rotationViewOf({ sighting, project: 'demo' }, DEFAULT_SECRET_POLICY, NOW);
}

test('of annotations that are not understood nothing is concluded', () => {
  const broken = '{"v":9}';
  const unreadable = outlookIn({
    [HISTORY_ANNOTATION]: broken,
    [RETIRED_ANNOTATION]: broken,
    [ROTATION_ANNOTATION]: broken,
  });
  expect(unreadable).toMatchObject({
    journal: undefined,
    recentOutcome: 'neither',
    keys: 1,
    mayGoOn: false,
    undeleted: [],
  });
});

describe('how rotations fare', () => {
  test.each<[string, Partial<InFlight> | undefined, readonly Past[]]>([
    ['trouble', { phase: 'opened', held: true }, []],
    ['trouble', { phase: 'abandoned' }, [OLD]],
    ['trouble', undefined, [{ ...OLD, outcome: 'abandoned' }, OLD]],
    ['success', { phase: 'promoted', promotedAt: NOW }, [{ ...OLD, outcome: 'abandoned' }]],
    ['success', undefined, [OLD]],
    ['neither', { phase: 'promoted', promotedAt: NOW, held: true }, []],
    ['neither', { phase: 'written' }, [OLD]],
    ['neither', { phase: 'opened', held: true, since: ago(24) }, []],
    ['neither', undefined, [{ ...OLD, at: ago(24) }]],
    ['neither', undefined, []],
  ])('is told by the newest of a day: %s', (recentOutcome, journal, past) => {
    expect(outlook(journal, past).recentOutcome).toBe(recentOutcome);
  });
});

describe('the keys of a secret at the issuer', () => {
  test('are its own, one being made, and old ones until they cannot be undeleted any more', () => {
    const old = { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-0' };
    const retired = [old, { ...old, deletedAt: ago(29 * 24) }, { ...old, deletedAt: ago(30 * 24) }];
    const unknown = { version: 1, at: NOW, rotation: 'kw-0' };
    expect(outlook(undefined, [], [...retired, unknown]).keys).toBe(3);
    expect(outlook({ candidate: 'minted' }).keys).toBe(2);
    expect(outlook({ candidate: 'adopted' }).keys).toBe(1);
  });

  test('are made in the project that the policy names, or else in its own', () => {
    expect(outlook(undefined).keyProject).toBe('7');
  });
});

test('an alias that somebody took away is seen to in the next run, and once that was told no more', () => {
  const astray = (is: string, journal?: Partial<InFlight>) =>
    outlookIn({
      'key-warden.current': `{"v":1,"version":2${is}}`,
      ...(journal && { [ROTATION_ANNOTATION]: writeJournal(inFlight(journal)) ?? '' }),
    });
  expect(astray('')).toMatchObject({ currentAstray: true, mayGoOn: false });
  expect(astray('', { phase: 'promoted', notBefore: ahead(1) })).toMatchObject({ currentAstray: true, mayGoOn: true });
  expect(astray(',"is":"missing"')).toMatchObject({ currentAstray: false });
});

test('a backoff does not keep a rotation whose old key was found leaked, only its drain and its person do', () => {
  const leaked = judge('s', UNSEEN, diagnosisOf('key_leaked', 'x'), DEFAULT_SECRET_POLICY.checks, NOW).health;
  const going = (journal: Partial<InFlight>, past: readonly Past[] = []) =>
    outlookIn({
      [ROTATION_ANNOTATION]: writeJournal(inFlight({ notBefore: ahead(1), ...journal })) ?? '',
      [HISTORY_ANNOTATION]: writeHistory(past) ?? EMPTY,
      [HEALTH_ANNOTATION]: writeHealth(leaked),
    }).mayGoOn;
  expect(going({ phase: 'minted' })).toBe(true);
  expect(going({ phase: 'minted', held: true })).toBe(false);
  expect(going({ phase: 'minted', emergency: true })).toBe(false);
  expect(going({ phase: 'minted' }, [{ ...OLD, at: NOW }])).toBe(false);
});

test('whether somebody is still to be told of a step is read from its outbox, and an unreadable one says nothing', () => {
  const untold = (text?: string) => outlookIn(text === undefined ? {} : { 'key-warden.outbox': text }).untold;
  expect([untold(), untold('{"v":9}'), untold('{"v":1,"list":[{"step":"held","id":"kw-1"}]}')]).toEqual([
    false,
    false,
    true,
  ]);
});
