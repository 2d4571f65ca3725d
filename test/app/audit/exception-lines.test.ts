import { expect, test } from '@jest/globals';
import { exceptionLinesOf } from '../../../src/app/audit/exception-lines.ts';
import type { KeyLine } from '../../../src/app/audit/key-lines.ts';
import type { LoggedNotice } from '../../../src/app/audit/log-lines.ts';
import type { RotationLine } from '../../../src/app/audit/rotation-lines.ts';
import { ago, ahead, JANE, NOW } from '../../support/journals.ts';

const SECRET = 'projects/1/secrets/a';
const SILENCE = { until: ahead(2), owner: 'ops', reason: 'a move' };
const NONE = { silences: [], wide: [], freezes: [] };
const KEY: KeyLine = { secret: SECRET, project: 'p', key: {}, ageDays: 91, maxAgeDays: 90, isOverAge: true };
const ROTATION: RotationLine = {
  secret: SECRET,
  rotation: 'kw-1',
  endedAt: ago(1),
  outcome: 'completed',
  reason: 'age',
  by: JANE,
  oldKey: { is: 'in use', isProven: false },
  knownFrom: 'record',
};
const set: LoggedNotice = { type: 'silence.set', secret: SECRET, loggedAt: ago(3), at: ago(3), by: JANE, ...SILENCE };

test('a silence that stands is told once, with who set it where the log says so', () => {
  const standing = {
    ...NONE,
    silences: [
      { secret: SECRET, ...SILENCE },
      { secret: SECRET, problem: 'unreadable' },
    ],
  };
  expect(exceptionLinesOf(standing, [], [], [])).toEqual([
    { is: 'silence', about: SECRET, until: ahead(2), owner: 'ops', why: 'a move' },
  ]);
  expect(exceptionLinesOf(standing, [set], [], [])).toEqual([
    { is: 'silence', about: SECRET, at: ago(3), until: ahead(2), owner: 'ops', by: JANE, why: 'a move' },
  ]);
  const other = { ...set, until: ahead(9) };
  expect(exceptionLinesOf(standing, [other], [], [])).toHaveLength(2);
});

test('so is one that is about more than one secret', () => {
  const wide = { ...NONE, wide: [{ about: { outages: true }, ...SILENCE }] };
  const [standing] = exceptionLinesOf(wide, [], [], []);
  expect(standing).toMatchObject({ is: 'silence', owner: 'ops', about: expect.stringMatching(/outage/) });
  expect(exceptionLinesOf(wide, [{ ...set, about: standing?.about }], [], [])).toMatchObject([{ by: JANE }]);
});

test('and a freeze, with what it is about', () => {
  const frozen = { ...NONE, freezes: [{ id: 'f-1', about: { all: true }, by: JANE, ...SILENCE }] };
  expect(exceptionLinesOf(frozen, [], [], [])).toEqual([
    { is: 'freeze', about: 'all secrets', until: ahead(2), owner: 'ops', by: JANE, why: 'a move' },
  ]);
  const logged: LoggedNotice = { ...set, type: 'freeze.set', about: 'all secrets' };
  expect(exceptionLinesOf(frozen, [logged], [], [])).toMatchObject([{ is: 'freeze', at: ago(3) }]);
});

test('a key over its age is one', () => {
  expect(exceptionLinesOf(NONE, [], [KEY, { ...KEY, isOverAge: false }], [])).toEqual([
    { is: 'key over age', about: SECRET, why: '91 days old; its policy wants 90 at most' },
  ]);
});

test('so is what people forced: an emergency, users cut off, a key revoked', () => {
  const cut = { ...ROTATION, openedAt: ago(5), why: 'cut-off-users asked for by jane (claimed); still used' };
  const told = exceptionLinesOf(
    NONE,
    [{ ...set, type: 'leak.open', why: 'revoked' }],
    [],
    [ROTATION, { ...ROTATION, reason: 'leaked' }, cut],
  );
  expect(told.map(({ is, at }) => [is, at])).toEqual([
    ['emergency', ago(1)],
    ['users cut off', ago(5)],
    ['key revoked', ago(3)],
  ]);
  const unasked: LoggedNotice = { type: 'leak.open', secret: SECRET, loggedAt: NOW };
  expect(exceptionLinesOf(NONE, [unasked], [], [])).toEqual([]);
});
