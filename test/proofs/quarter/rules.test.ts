import { beforeAll, describe, expect, test } from '@jest/globals';
import { instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { DAYS, START } from './calendar.ts';
import { DAY_MS, HOUR_MS } from './fleet.ts';
import { judge } from './judge.ts';
import { quarter, type Lived } from './quarter.ts';
import { FROZEN_BY_HAND, inBerlin, mayBegin, RULED_FLEET, RULES, SUMMER_BEGINS } from './rules.ts';
import { summaryOf } from './table.ts';
import type { Record } from './witness.ts';

test('the clock on the wall that rotations are judged by agrees with the zone database, hour by hour', () => {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    const at = plusMs(START, hour * HOUR_MS);
    const { date, minute } = inBerlin(at);
    expect(wall.format(at)).toBe(`${date} ${String(minute / 60).padStart(2, '0')}:00`);
  }
});

describe('a quarter by windows, freezes and approvals, with daylight saving in it', () => {
  let lived: Lived;
  let records: readonly Record[];

  beforeAll(async () => {
    lived = await quarter({ ...RULED_FLEET, rules: RULES });
    records = [...lived.seen.records.values()];
  });

  const dueOf = ({ member }: Record) => lived.dueAt(member.createdAt);
  const begunOf = ({ begun }: Record) => begun.map(({ openedAt }) => openedAt);

  test('keeps to everything that is promised', () => {
    expect(judge(lived).filter(({ kept }) => !kept)).toEqual([]);
    expect(summaryOf(lived, judge(lived), false)).toContain('by windows, freezes and approvals of the team');
  });

  test('has keys in it that come due while nothing may begin: on a weekend, in both freezes, and while one window is tighter', () => {
    const dueIn = (from: string, until: string) =>
      records.filter((one) => dueOf(one) >= Date.parse(from) && dueOf(one) < Date.parse(until));
    expect(records.filter((one) => [0, 6].includes(inBerlin(dueOf(one)).weekday)).length).toBeGreaterThan(5);
    expect(dueIn('2027-02-17T23:00:00Z', '2027-02-23T23:00:00Z').length).toBeGreaterThan(1);
    const frozen = records.filter(
      (one) =>
        one.member.project === FROZEN_BY_HAND.project &&
        dueOf(one) >= FROZEN_BY_HAND.from &&
        dueOf(one) < FROZEN_BY_HAND.until,
    );
    expect(frozen.flatMap(begunOf).filter((at) => at >= FROZEN_BY_HAND.until).length).toBe(frozen.length);
    expect(frozen.length).toBeGreaterThan(0);
    const narrow = records.filter(({ member }) => member.own.windows !== undefined);
    const open = (one: Record) => mayBegin({ project: one.member.project, own: {} }, dueOf(one));
    expect(narrow.length).toBeGreaterThan(1);
    expect(narrow.filter((one) => open(one) && !mayBegin(one.member, dueOf(one))).length).toBeGreaterThan(0);
  });

  test('has a key that comes due before the clock is put forward, and is begun in the first hour of the window after it', () => {
    const across = records.filter((one) => dueOf(one) < SUMMER_BEGINS && begunOf(one).some((at) => at > SUMMER_BEGINS));
    expect(across.flatMap(begunOf).map((at) => Math.floor(inBerlin(at).minute / 60))).toContain(8);
  });

  test('has people in it who agree, who overlook a request, and whose word comes to nothing in a freeze', () => {
    const outcomes = new Set(lived.approvals.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['let lapse', 'approved']));
    const [overlooked] = lived.approvals;
    const again = lived.approvals.filter(({ secret }) => secret === overlooked?.secret);
    expect(again.map(({ outcome }) => outcome)).toEqual(['let lapse', 'approved']);
    expect(lived.heard.filter(({ notice }) => notice.type === 'freeze.set')).toHaveLength(1);
  });

  test('has a key in it that dies at night, and two that leak in a freeze: none of them waits', () => {
    const begun = records.flatMap((one) => one.begun.map((opening) => ({ ...opening, member: one.member })));
    const pressing = begun.filter(({ reason }) => reason === 'dead' || reason === 'leaked');
    expect(pressing.map(({ reason }) => reason).toSorted()).toEqual(['dead', 'leaked', 'leaked']);
    const firstLeak = pressing.find(({ reason }) => reason === 'leaked');
    expect(firstLeak && mayBegin(firstLeak.member, firstLeak.openedAt)).toBe(false);
  });

  const within = (change: (record: Record) => Partial<Record>) => (given: Lived) => ({
    seen: {
      ...given.seen,
      records: new Map([...given.seen.records].map(([name, one]) => [name, { ...one, ...change(one) }])),
    },
  });
  const moved = (move: (at: Instant) => number) =>
    within(({ begun }) => ({
      begun: begun.map((one) => ({ ...one, openedAt: plusMs(one.openedAt, move(one.openedAt)) })),
    }));

  test.each<[string, string, (lived: Lived) => Partial<Lived>]>([
    ['outside of its windows', 'begun at night', moved(() => 12 * HOUR_MS)],
    ['outside of its windows', 'as if winter time went on', moved((at) => (at > SUMMER_BEGINS ? -HOUR_MS : 0))],
    [
      'outside of its windows',
      'begun in the freeze of the settings',
      moved((at) => (inBerlin(at).date === '2027-02-24' ? -DAY_MS : 0)),
    ],
    [
      'outside of its windows',
      'begun in the freeze by hand',
      moved((at) => (at >= FROZEN_BY_HAND.until && at < FROZEN_BY_HAND.until + HOUR_MS ? -HOUR_MS : 0)),
    ],
    [
      'a second person',
      'approved by who asked',
      ({ approvals }) => ({ approvals: approvals.map((one) => ({ ...one, askedBy: one.by })) }),
    ],
    [
      'a second person',
      'approved too late',
      ({ approvals }) => ({ approvals: approvals.map((one) => ({ ...one, at: plusMs(one.at, 10 * DAY_MS) })) }),
    ],
    [
      'a second person',
      'not on record',
      within(({ begun }) => ({ begun: begun.map((one) => ({ ...one, note: '' })) })),
    ],
    [
      'an emergency waits',
      'begun after the weekend',
      within(({ leakedAt }) => ({ leakedAt: leakedAt && instantOf(leakedAt - 2 * DAY_MS) })),
    ],
    [
      'is late',
      'begun in the next window but three',
      ({ dueAt }) => ({ dueAt: (made) => plusMs(dueAt(made), -7 * DAY_MS) }),
    ],
    [
      'old keys are gone',
      'kept',
      ({ keys }) => ({ keys: { ...keys, alive: () => [...keys.alive(), ...keys.alive()] } }),
    ],
  ])('would not pass over a broken promise: %s (%s)', (must, _, broken) => {
    const judged = judge({ ...lived, ...broken(lived) }).filter(({ kept }) => !kept);
    expect(judged.map((one) => one.must).join()).toContain(must);
  });
});
