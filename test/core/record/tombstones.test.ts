import { describe, expect, test } from '@jest/globals';
import {
  areTombstonesFull,
  forbidden,
  NO_TOMBSTONES,
  TOMBSTONES_MAX,
  withoutTombstone,
  withTombstone,
  type Tombstones,
} from '../../../src/core/record/tombstones.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';

const stone = (number: number) => String(number).padStart(16, '0');

describe('tombstones (I14)', () => {
  test('forbid what was retired, and say where it leaked', () => {
    const some: Tombstones = { retired: [stone(1)], leaked: [stone(2)] };
    expect(forbidden(some, stone(1))).toBe('a key that was retired here');
    expect(forbidden(some, stone(2))).toBe('a key that was retired here because it leaked');
    expect(forbidden(some, stone(3))).toBeUndefined();
    expect(forbidden(some, undefined)).toBeUndefined();
  });

  test('are forty, of which the oldest that did not leak gives way', () => {
    let all = withTombstone(NO_TOMBSTONES, stone(0), true);
    for (let number = 1; number <= TOMBSTONES_MAX; number += 1) all = withTombstone(all, stone(number), false);
    expect(all.leaked).toEqual([stone(0)]);
    expect(all.retired).toHaveLength(TOMBSTONES_MAX - 1);
    expect(all.retired[0]).toBe(stone(2));
    expect(areTombstonesFull(all)).toBe(false);
    for (let number = 1; number < TOMBSTONES_MAX; number += 1) all = withTombstone(all, stone(100 + number), true);
    expect(all.retired).toEqual([]);
    expect(areTombstonesFull(all)).toBe(true);
  });

  test('stay leaked, and are no more twice', () => {
    const leaked = withTombstone(withTombstone(NO_TOMBSTONES, stone(1), false), stone(1), true);
    expect(leaked).toEqual({ retired: [], leaked: [stone(1)] });
    expect(withTombstone(leaked, stone(1), true)).toEqual(leaked);
    expect(withTombstone(leaked, stone(1), false)).toEqual(leaked);
    const twice = withTombstone(withTombstone(NO_TOMBSTONES, stone(1), false), stone(1), false);
    expect(twice).toEqual({ retired: [stone(1)], leaked: [] });
  });

  test('go for a key that consumers read again, unless it leaked', () => {
    const some: Tombstones = { retired: [stone(1), stone(2)], leaked: [stone(3)] };
    expect(withoutTombstone(some, stone(1))).toEqual({ retired: [stone(2)], leaked: [stone(3)] });
    expect(withoutTombstone(some, stone(3))).toEqual(some);
  });

  test.each(['{"v":2,"retired":"","leaked":""}', '{"v":1,"retired":"short","leaked":""}', '{"v":1,"retired":""}', 'x'])(
    'that are not understood are not read as none: %s',
    (text) => {
      expect(recordOf({ 'key-warden.tombstones': text }).tombstones.is).toBe('unreadable');
    },
  );
});
