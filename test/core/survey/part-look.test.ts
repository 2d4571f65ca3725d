import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fleetOf, inOrder, joinedLooks, NOTHING_LOOKED_AT } from '../../../src/core/survey/part-look.ts';
import { partLook } from './arbitrary-look.ts';

const looks = fc.array(
  fc.tuple(fc.constantFrom('acme', 'ads', 'search'), partLook).map(([project, look]) => fleetOf(project, look)),
  { maxLength: 5 },
);

/** What has no order of its own is compared without one. */
function canonical(look: Parameters<typeof inOrder>[0]) {
  const { notable, open, ...others } = inOrder(look);
  const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).toSorted();
  return { ...others, notable: sorted(notable), open: sorted(open) };
}

test('the looks of parts are joined in any order, and in any groups, to the same', () => {
  fc.assert(
    fc.property(looks, fc.nat(), fc.nat(), (parts, turn, split) => {
      const whole = parts.reduce(joinedLooks, NOTHING_LOOKED_AT);
      const by = parts.length === 0 ? 0 : turn % parts.length;
      const turned = [...parts.slice(by), ...parts.slice(0, by)].toReversed();
      const at = parts.length === 0 ? 0 : split % (parts.length + 1);
      const groups = [turned.slice(0, at), turned.slice(at)].map((some) => some.reduce(joinedLooks, NOTHING_LOOKED_AT));
      expect(canonical(groups.reduce(joinedLooks, NOTHING_LOOKED_AT))).toEqual(canonical(whole));
    }),
  );
});

test('nothing is lost: what parts counted adds up', () => {
  fc.assert(
    fc.property(looks, (parts) => {
      const { expected, missed, notable, open } = parts.reduce(joinedLooks, NOTHING_LOOKED_AT);
      const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
      expect([expected, missed, notable.length, open.length]).toEqual([
        sum(parts.map((one) => one.expected)),
        sum(parts.map((one) => one.missed)),
        sum(parts.map((one) => one.notable.length)),
        sum(parts.map((one) => one.open.length)),
      ]);
    }),
  );
});
