import { describe, expect, test } from '@jest/globals';
import { bothTold, newsSince, undecidedOf, type NewsKind, type SeenNow } from '../../../src/core/inventory/told.ts';
import type { SeenKey } from '../../../src/core/inventory/seen-key.ts';
import { INVENTORY_TOLD_FORM, MARKED_MAX, type Marked } from '../../../src/core/record/inventory-told.ts';
import { annotationBytes, ANNOTATION_BYTES_MAX } from '../../../src/core/record/space.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const NOW = instantOf(Date.UTC(2026, 10, 24, 12));
const seen = (mark: string, found: readonly NewsKind[], undecided: readonly NewsKind[] = []): SeenNow => ({
  mark,
  found,
  undecided,
});
const fresh = (told: readonly Marked[], now: readonly SeenNow[], whole = true) =>
  Object.fromEntries(newsSince(told, now, whole).fresh);

describe('news', () => {
  test('is what was not told, once', () => {
    const first = newsSince([], [seen('aaaaaa', ['shadow', 'legacy'])], true);
    expect(Object.fromEntries(first.fresh)).toEqual({ aaaaaa: ['shadow', 'legacy'] });
    expect(fresh(first.told, [seen('aaaaaa', ['shadow', 'legacy'])])).toEqual({});
    expect(fresh(first.told, [seen('aaaaaa', ['legacy', 'unused']), seen('bbbbbb', ['unmanaged'])])).toEqual({
      aaaaaa: ['unused'],
      bbbbbb: ['unmanaged'],
    });
  });

  test('is told again when it ended and came back', () => {
    const { told } = newsSince([], [seen('aaaaaa', ['account_disabled'])], true);
    const over = newsSince(told, [seen('aaaaaa', [])], true);
    expect([over.told, over.ended]).toEqual([[], 1]);
    expect(fresh(over.told, [seen('aaaaaa', ['account_disabled'])])).toEqual({ aaaaaa: ['account_disabled'] });
  });

  test('ends with a key that is gone, and not with one that nobody looked at', () => {
    const { told } = newsSince([], [seen('aaaaaa', ['shadow', 'unused'])], true);
    expect(newsSince(told, [], true)).toMatchObject({ told: [], ended: 2 });
    expect(newsSince(told, [], false)).toMatchObject({ told, ended: 0 });
  });

  test('keeps what a run could not decide, and what a later release wrote', () => {
    const told = [{ mark: 'aaaaaa', bits: 8 + 32 + 2048 }];
    const now = newsSince(told, [seen('aaaaaa', ['unrestricted'], ['shadow'])], true);
    expect(now.told).toEqual([{ mark: 'aaaaaa', bits: 4 + 8 + 2048 }]);
    expect([Object.fromEntries(now.fresh), now.ended]).toEqual([{ aaaaaa: ['unrestricted'] }, 1]);
    // Only what that release knows is left of it.
    expect(newsSince([{ mark: 'bbbbbb', bits: 2048 }], [seen('aaaaaa', ['legacy'])], false).told).toEqual([
      { mark: 'aaaaaa', bits: 32 },
      { mark: 'bbbbbb', bits: 2048 },
    ]);
  });

  test('finds room for the worst, and those that have room keep it', () => {
    const mark = (at: number) => `k${String(at).padStart(5, '0')}`;
    const legacy = Array.from({ length: MARKED_MAX }, (_, at) => seen(mark(at + 1), ['legacy']));
    const full = newsSince([], legacy, true);
    expect([full.told.length, full.beyond, full.fresh.size]).toEqual([MARKED_MAX, 0, MARKED_MAX]);
    const one = newsSince(full.told, [...legacy, seen(mark(0), ['legacy'])], true);
    expect([one.beyond, one.fresh.size]).toEqual([1, 0]);
    const worse = newsSince(full.told, [...legacy, seen(mark(0), ['shadow'])], true);
    expect([worse.beyond, Object.fromEntries(worse.fresh)]).toEqual([1, { [mark(0)]: ['shadow'] }]);
  });

  test('of two runs at once is remembered of both', () => {
    const told = bothTold(
      [{ mark: 'aaaaaa', bits: 1 }],
      [
        { mark: 'aaaaaa', bits: 8 },
        { mark: 'bbbbbb', bits: 2 },
      ],
    );
    expect(told).toEqual([
      { mark: 'aaaaaa', bits: 9 },
      { mark: 'bbbbbb', bits: 2 },
    ]);
  });
});

test('what is remembered fits into the annotations of a secret when it is full', () => {
  const told = Array.from({ length: MARKED_MAX }, (_, at) => ({ mark: String(at).padStart(6, '-'), bits: 4095 }));
  const text = INVENTORY_TOLD_FORM.write({ at: NOW, told }) ?? '';
  expect(annotationBytes({ [INVENTORY_TOLD_FORM.annotation]: text })).toBeLessThan(ANNOTATION_BYTES_MAX);
  expect(INVENTORY_TOLD_FORM.read(text)).toEqual({ value: { at: NOW, told } });
});

test.each([
  'x',
  '{"v":2,"at":"2026-11-24T05:43:00.000Z","told":""}',
  '{"v":1,"told":""}',
  '{"v":1,"at":"2026-11-24T05:43:00.000Z"}',
  '{"v":1,"at":"2026-11-24T05:43:00.000Z","told":"3q-_AbA"}',
  '{"v":1,"at":"2026-11-24T05:43:00.000Z","told":"3q-_Ab!!"}',
])('what is no memory is not taken for one: %s', (text) => {
  expect(INVENTORY_TOLD_FORM.read(text)).toHaveProperty('why');
});

describe('what a run cannot decide about a key', () => {
  const KEY: SeenKey = {
    name: 'projects/1/locations/global/keys/a',
    uid: 'a',
    displayName: '',
    project: 'p',
    kind: 'auth',
    reach: 'listed',
    createdAt: NOW,
    lastUse: { is: 'used', at: NOW },
    held: { is: 'nobody' },
  };

  test.each<readonly [string, Partial<SeenKey>, readonly NewsKind[]]>([
    ['nothing, where all was looked at', {}, []],
    [
      'its account',
      { account: { email: 'a@p.iam.gserviceaccount.com', state: 'not_looked' } },
      ['account_gone', 'account_disabled'],
    ],
    ['its holders', { held: { is: 'not_looked', why: 'x' } }, ['shadow', 'unmanaged', 'unused']],
    ['its type', { kind: 'unknown' }, ['legacy']],
    ['its use', { lastUse: { is: 'not_measured', why: 'x' } }, ['unused']],
  ])('%s', (_, changed, undecided) => {
    expect(undecidedOf({ ...KEY, ...changed })).toEqual(undecided);
  });
});
