import { expect, test } from '@jest/globals';
import { reportJson } from '../../../src/app/audit/report-json.ts';
import type { Report } from '../../../src/app/audit/report.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { ago, JANE, NOW } from '../../support/journals.ts';

const SECRET = 'projects/1/secrets/a';
const BARE: Report = {
  from: ago(48),
  to: NOW,
  at: NOW,
  keys: [],
  rotations: [],
  exceptions: [],
  openLeaks: [],
  logs: [],
  notAmongKeys: [],
  problems: [],
  barred: false,
};

test('everything that is known is told, moments in RFC 3339', () => {
  const json = reportJson({
    ...BARE,
    keys: [
      {
        secret: SECRET,
        project: 'p',
        version: 2,
        key: { kind: 'auth', madeAt: ago(24), by: 'key' },
        ageDays: 1,
        maxAgeDays: 90,
        isOverAge: false,
        missing: 'no log was looked at',
      },
    ],
    rotations: [
      {
        secret: SECRET,
        rotation: 'kw-1',
        openedAt: ago(9),
        promotedAt: ago(8),
        endedAt: ago(7),
        outcome: 'completed',
        reason: 'age',
        by: JANE,
        approvedBy: { who: 'bob@ops.example', is: 'verified' },
        why: 'old',
        from: 1,
        to: 2,
        oldKey: {
          is: 'destroyed',
          key: 'k',
          deletedAt: ago(6),
          refusedAt: ago(5),
          destroyedAt: ago(1),
          isProven: true,
        },
        knownFrom: 'both',
      },
    ],
    exceptions: [{ is: 'silence', about: SECRET, at: ago(2), until: NOW, owner: 'ops', by: JANE, why: 'a move' }],
  });
  expect(json.isWhole).toBe(false);
  expect(json.keys).toEqual([
    {
      secret: SECRET,
      project: 'p',
      version: 2,
      kind: 'auth',
      madeAt: isoOf(ago(24)),
      madeAtBy: 'key',
      ageDays: 1,
      maxAgeDays: 90,
      isOverAge: false,
      rotationsMissing: 'no log was looked at',
    },
  ]);
  expect(json.rotations).toMatchObject([
    { openedAt: isoOf(ago(9)), promotedAt: isoOf(ago(8)), endedAt: isoOf(ago(7)), why: 'old', from: 1, to: 2 },
  ]);
  expect(json.rotations).toMatchObject([{ who: 'jane', approvedBy: 'bob@ops.example' }]);
  expect(json.rotations[0]?.oldKey).toEqual({
    is: 'destroyed',
    isProven: true,
    key: 'k',
    deletedAt: isoOf(ago(6)),
    refusedAt: isoOf(ago(5)),
    destroyedAt: isoOf(ago(1)),
  });
  expect(json.exceptions).toEqual([
    {
      is: 'silence',
      about: SECRET,
      at: isoOf(ago(2)),
      until: isoOf(NOW),
      owner: 'ops',
      who: 'jane',
      whoIs: 'claimed',
      why: 'a move',
    },
  ]);
});

test('what is not known is null, and who began by itself is the worker', () => {
  const json = reportJson({
    ...BARE,
    keys: [{ secret: SECRET, project: 'p', key: {}, maxAgeDays: 0, isOverAge: false }],
    rotations: [
      {
        secret: SECRET,
        rotation: 'kw-1',
        outcome: 'not known',
        reason: 'age',
        oldKey: { is: 'not on record', isProven: false },
        knownFrom: 'log',
      },
    ],
    exceptions: [{ is: 'key over age', about: SECRET }],
    logs: [
      { log: 'projects/p', is: 'read', keptFrom: ago(99) },
      { log: 'projects/q', is: 'unread', why: 'no answer' },
    ],
  });
  expect(json.isWhole).toBe(true);
  expect(json.keys).toMatchObject([{ version: null, ageDays: null, rotationsMissing: null }]);
  expect(json.rotations).toMatchObject([
    { who: 'the worker', whoIs: null, approvedBy: null, from: null, to: null, why: null },
  ]);
  expect(json.logs).toEqual([
    { log: 'projects/p', is: 'read', keptFrom: isoOf(ago(99)), why: null },
    { log: 'projects/q', is: 'unread', keptFrom: null, why: 'no answer' },
  ]);
  expect(json.exceptions).toMatchObject([{ at: null, owner: null, who: null, why: null }]);
});
