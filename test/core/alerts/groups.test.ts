import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { groupsOf } from '../../../src/core/alerts/groups.ts';
import type { KeyNotice } from '../../../src/core/alerts/notices/key-notices.ts';
import { troubleOf } from '../../support/notices.ts';

const item = (
  id: string,
  cause: Cause = 'key_invalid',
  type: KeyNotice['type'] = 'key.unhealthy',
  isQuiet = false,
) => ({
  notice: troubleOf(id, cause, type),
  isQuiet,
});
const names = (items: ReturnType<typeof item>[]) =>
  groupsOf(items).map((group) => group.map(({ notice }) => notice.finding.secret.split('/').at(-1)));

describe('what a run tells of single keys', () => {
  test('is told together, the worst first, and what has one cause side by side', () => {
    const items = [item('d', 'timeout'), item('c', 'billing_disabled'), item('b'), item('a', 'billing_disabled')];
    expect(names([...items, item('e', 'key_leaked')])).toEqual([['e', 'a', 'c', 'b', 'd']]);
  });

  test('is parted into what begins, what goes on, and what is over', () => {
    const items = [
      item('a'),
      item('b', 'timeout', 'key.unclear'),
      item('c', 'key_invalid', 'key.reminder'),
      item('d', 'key_invalid', 'key.recovered'),
      item('e', 'key_invalid', 'key.reminder'),
    ];
    expect(names(items)).toEqual([['a', 'b'], ['c', 'e'], ['d']]);
  });

  test('stands alone where channels are quiet about it, so that it speaks for nobody', () => {
    expect(names([item('a', 'key_leaked', 'key.unhealthy', true), item('b'), item('c')])).toEqual([['b', 'c'], ['a']]);
  });

  test('is no longer list than a person reads', () => {
    const many = Array.from({ length: 60 }, (_, at) => item(`key-${String(at).padStart(2, '0')}`));
    expect(groupsOf(many).map((group) => group.length)).toEqual([25, 25, 10]);
  });
});
