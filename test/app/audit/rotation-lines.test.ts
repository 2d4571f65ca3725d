import { describe, expect, test } from '@jest/globals';
import type { LoggedNotice, LoggedStep } from '../../../src/app/audit/log-lines.ts';
import { rotationLinesOf, type SecretLog } from '../../../src/app/audit/rotation-lines.ts';
import type { Member } from '../../../src/app/on-record/fleet.ts';
import type { Past, Retired } from '../../../src/core/record/ledger.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { ago, FROM_KEY, inFlight, JANE, MINUTE_MS, NOW } from '../../support/journals.ts';
import { memberOf } from '../../support/members.ts';

const SECRET = memberOf().secret;
const PAST: Past = { id: 'kw-1', reason: 'age', outcome: 'completed', from: 1, to: 2, at: ago(24) };
const OLD: Retired = { version: 1, key: FROM_KEY, at: ago(24), rotation: 'kw-1' };
const TIME = { from: ago(48), to: NOW };

const notice = (type: LoggedNotice['type'], loggedAt: Instant, fields: Partial<LoggedNotice> = {}): LoggedNotice => ({
  type,
  secret: SECRET,
  loggedAt,
  rotation: 'kw-1',
  reason: 'age',
  from: 1,
  to: 2,
  ...fields,
});
const step = (did: LoggedStep['did'], loggedAt: Instant, fields: Partial<LoggedStep> = {}): LoggedStep => ({
  did,
  secret: SECRET,
  version: 1,
  loggedAt,
  ...fields,
});

function linesOf(
  fields: Partial<Member>,
  log: Partial<SecretLog> = {},
  issued: readonly (readonly [string, Instant])[] = [],
  time = TIME,
) {
  return rotationLinesOf(memberOf(fields), { notices: [], steps: [], approvals: [], ...log }, new Map(issued), time);
}
const firstOf = (...given: Parameters<typeof linesOf>) => linesOf(...given)[0];

describe('the death of an old key is proven (I18)', () => {
  const dead = { ...OLD, deletedAt: ago(20), provenDeadAt: ago(19) };

  test('where its issuer deleted it and Gemini refused it half an hour later', () => {
    const [line] = linesOf({ history: [PAST], retired: [dead] });
    expect(line).toMatchObject({
      rotation: 'kw-1',
      knownFrom: 'record',
      oldKey: { is: 'dead', key: FROM_KEY.name, deletedAt: ago(20), refusedAt: ago(19), isProven: true },
    });
  });

  test('not by a refusal that came sooner, nor without a deletion', () => {
    const soon = { ...dead, provenDeadAt: plusMs(ago(20), 29 * MINUTE_MS) };
    expect(firstOf({ history: [PAST], retired: [soon] })?.oldKey.isProven).toBe(false);
    const undeleted = { ...dead, deletedAt: undefined };
    expect(firstOf({ history: [PAST], retired: [undeleted] })?.oldKey.isProven).toBe(false);
    expect(firstOf({ history: [PAST], retired: [OLD] })?.oldKey).toMatchObject({ is: 'disabled', isProven: false });
  });

  test('by the issuer’s own moment, which counts more than ours', () => {
    const issued = [[FROM_KEY.name, ago(19)]] as const;
    expect(firstOf({ history: [PAST], retired: [dead] }, {}, issued)?.oldKey).toMatchObject({
      deletedAt: ago(19),
      isProven: false,
    });
  });

  test('by the log, where the record has forgotten the key', () => {
    const steps = [step('destroyed', ago(1)), step('refused', ago(5)), step('deleted', ago(6), { key: 'k' })];
    expect(firstOf({ history: [PAST] }, { steps })?.oldKey).toEqual({
      is: 'destroyed',
      key: 'k',
      deletedAt: ago(6),
      refusedAt: ago(5),
      destroyedAt: ago(1),
      isProven: true,
    });
    expect(firstOf({ history: [PAST] }, { steps: steps.slice(1) })?.oldKey.is).toBe('dead');
    expect(firstOf({ history: [PAST] }, { steps: steps.slice(2) })?.oldKey.is).toBe('deleted');
    const before = [step('deleted', ago(30))];
    expect(firstOf({ history: [PAST] }, { steps: before })?.oldKey.is).toBe('not on record');
  });

  test('by a leak that was closed after half an hour of refusals', () => {
    const closed = notice('leak.closed', ago(10), { rotation: undefined, version: 1, deadSince: ago(11), key: 'k' });
    const steps = [step('deleted', ago(11))];
    expect(firstOf({ history: [PAST] }, { notices: [closed], steps })?.oldKey).toMatchObject({
      is: 'dead',
      key: 'k',
      isProven: true,
    });
    const short = { ...closed, deadSince: plusMs(ago(10), -MINUTE_MS), loggedAt: ago(10) };
    const late = [step('deleted', ago(10))];
    expect(firstOf({ history: [PAST] }, { notices: [short], steps: late })?.oldKey.isProven).toBe(false);
    expect(firstOf({ history: [PAST] }, { notices: [{ ...closed, deadSince: undefined }] })?.oldKey.isProven).toBe(
      false,
    );
  });

  test('of none where the list of old keys cannot be read, or the rotation was given up', () => {
    expect(firstOf({ history: [PAST], retired: undefined })?.oldKey).toMatchObject({ is: 'not on record' });
    const abandoned: Past = { ...PAST, outcome: 'abandoned' };
    expect(firstOf({ history: [abandoned] })?.oldKey).toEqual({ is: 'in use', isProven: false });
  });
});

describe('a rotation', () => {
  test('that is on record is told more of by the log', () => {
    const notices = [
      notice('rotation.completed', ago(24), { openedAt: ago(40), by: JANE }),
      notice('rotation.promoted', ago(30)),
    ];
    expect(firstOf({ history: [PAST] }, { notices })).toMatchObject({
      knownFrom: 'both',
      openedAt: ago(40),
      promotedAt: ago(30),
      endedAt: ago(24),
      by: JANE,
    });
    const bare = [notice('rotation.opened', ago(40))];
    expect(firstOf({ history: [PAST] }, { notices: bare })?.openedAt).toBe(ago(40));
  });

  test('that the record has forgotten is told by the log alone', () => {
    const told = (...notices: readonly LoggedNotice[]) => firstOf({}, { notices });
    expect(
      told(notice('rotation.completed', ago(3), { by: JANE, why: 'w' }), notice('rotation.opened', ago(9))),
    ).toMatchObject({
      knownFrom: 'log',
      outcome: 'completed',
      openedAt: ago(9),
      endedAt: ago(3),
      by: JANE,
      why: 'w',
      from: 1,
      to: 2,
      oldKey: { is: 'not on record' },
    });
    expect(told(notice('rotation.abandoned', ago(3)))).toMatchObject({
      outcome: 'abandoned',
      endedAt: ago(3),
      oldKey: { is: 'in use' },
    });
    const held = notice('rotation.held', ago(3), { reason: undefined });
    expect(firstOf({}, { notices: [held], steps: [step('deleted', ago(2))] })).toMatchObject({
      outcome: 'not known',
      reason: 'not known',
      oldKey: { is: 'deleted', isProven: false },
    });
  });

  test('stands in the report of a time in which it ended or went on, and in no other', () => {
    const going = { rotation: inFlight({ id: 'kw-2', openedAt: ago(5) }) };
    expect(linesOf({ ...going, history: [PAST] }).map(({ rotation }) => rotation)).toEqual(['kw-2', 'kw-1']);
    expect(linesOf({ history: [PAST] }, {}, [], { from: ago(20), to: NOW })).toEqual([]);
    expect(linesOf({ history: [PAST] }, {}, [], { from: ago(72), to: ago(48) })).toEqual([]);
    expect(linesOf(going, {}, [], { from: ago(72), to: ago(48) })).toEqual([]);
    expect(linesOf({}, { notices: [notice('rotation.promoted', ago(2))] })).toHaveLength(1);
  });

  test('has its place by its beginning, and by its id among those of one moment', () => {
    const history = [PAST, { ...PAST, id: 'kw-0' }];
    expect(linesOf({ history }).map(({ rotation }) => rotation)).toEqual(['kw-0', 'kw-1']);
    expect(linesOf({ history: history.toReversed() }).map(({ rotation }) => rotation)).toEqual(['kw-0', 'kw-1']);
    const bare = [notice('rotation.promoted', ago(2)), notice('rotation.promoted', ago(3), { rotation: 'kw-0' })];
    expect(linesOf({}, { notices: bare }).map(({ rotation }) => rotation)).toEqual(['kw-0', 'kw-1']);
  });
});

test('whose approval a rotation began by is what the log says of that rotation', () => {
  const approvals = [{ secret: SECRET, rotation: 'kw-1', by: { who: 'bob@ops.example', is: 'verified' } as const }];
  expect(firstOf({ history: [PAST] }, { approvals })?.approvedBy).toEqual(approvals[0]?.by);
  expect(firstOf({ history: [{ ...PAST, id: 'kw-2' }] }, { approvals })?.approvedBy).toBeUndefined();
});
