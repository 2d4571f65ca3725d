import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aheadOf, isToldIn, type MayBegin } from '../../../src/core/fleet/ahead.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import type { ManagedSince } from '../../../src/core/record/managed-since.ts';
import { ownMomentOf } from '../../../src/core/health/deep-schedule.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ahead, ago, inFlight, NOW, POLICY, resting } from '../../support/journals.ts';

const DAY = 24;
const read = <Value>(value: Value) => ({ is: 'read' as const, text: undefined, value });
const RULE = { ...POLICY, maxAgeDays: 90 };

/** A secret that came under care with a key that was so many days old. */
function listed(days: number, journal: Journal = resting(), since = ago(DAY * days), current = 3) {
  const managed: ManagedSince = { since, key: { version: 3, madeAt: ago(DAY * days) } };
  return {
    aliases: current === 0 ? {} : { current },
    record: { history: read([]), managedSince: read(managed), rotation: read(journal) },
  };
}

describe('what is ahead of a key', () => {
  test('is its rotation when it reaches its greatest age, told some days before', () => {
    expect(aheadOf(listed(80), RULE, 7, NOW)).toEqual({
      version: 3,
      madeAt: ago(80 * DAY),
      dueAt: ahead(10 * DAY),
      startsAt: ahead(10 * DAY),
      tellAt: ahead(3 * DAY),
    });
  });

  test('of a short life is told when half of it is over', () => {
    expect(aheadOf(listed(1), { ...RULE, maxAgeDays: 4 }, 7, NOW)?.tellAt).toEqual(ahead(DAY));
  });

  test('is told when it comes under care, if that is later', () => {
    expect(aheadOf(listed(88, resting(), ago(2)), RULE, 7, NOW)?.tellAt).toEqual(ago(2));
  });

  test('waits for the pause after a rotation that failed', () => {
    expect(aheadOf(listed(90, resting({ notBefore: ahead(5) })), RULE, 7, NOW)?.startsAt).toEqual(ahead(5));
  });

  test('is what the team’s own rules make of it', () => {
    const monday: MayBegin = (due) => plusMs(due, 2 * DAY * 3_600_000);
    expect(aheadOf(listed(80), RULE, 7, NOW, monday)).toMatchObject({
      startsAt: ahead(12 * DAY),
      tellAt: ahead(5 * DAY),
    });
    expect(aheadOf(listed(80), RULE, 7, NOW, () => undefined)).toBeUndefined();
  });

  test.each([
    ['in flight', listed(80, inFlight()), RULE],
    ['without an alias', listed(80, resting(), ago(1), 0), RULE],
    ['of an age that is not on record', listed(80, resting(), ago(1), 4), RULE],
    ['that never gets too old', listed(80), { ...RULE, maxAgeDays: 0 }],
    ['whose journal is not understood', withoutJournal(), RULE],
  ])('is nothing for one %s', (_, secret, policy) => {
    expect(aheadOf(secret, policy, 7, NOW)).toBeUndefined();
  });

  test('is nothing where nobody is to be told', () => {
    expect(aheadOf(listed(80), RULE, 0, NOW)).toBeUndefined();
  });
});

function withoutJournal() {
  const { aliases, record } = listed(80);
  const rotation = { is: 'unreadable' as const, text: '?', why: 'not understood' };
  return { aliases, record: { ...record, rotation } };
}

test('of its daily looks exactly one tells of a rotation that is to come for longer than a day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 82 * 24 }),
      fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 95, maxLength: 95 }),
      (hours, late) => {
        const secret = listed(hours / 24);
        const looks = late.map((minutes, day) => {
          const own = ownMomentOf('demo-project', 24, plusMs(NOW, (day + 1) * 86_400_000));
          return ownMomentOf('demo-project', 24, plusMs(own, minutes * 60_000));
        });
        const told = looks.filter((look) => {
          const one = aheadOf(secret, RULE, 7, look);
          return one !== undefined && isToldIn(one, look);
        });
        expect(told).toHaveLength(1);
      },
    ),
  );
});
