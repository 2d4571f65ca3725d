import { describe, expect, test } from '@jest/globals';
import { LEAKS_ANNOTATION, LEAKS_FORM, type Leak } from '../../../src/core/record/leaks.ts';
import { RETIRED_ANNOTATION, type Retired } from '../../../src/core/record/ledger.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { TOMBSTONES_FORM } from '../../../src/core/record/tombstones.ts';
import { retiredKeyIn } from '../../../src/core/rotation/retired-key.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { writeRetired } from '../../support/annotations.ts';

const AT = instantOf(1_800_000_000_000);
const [OLD, LEAKED, OTHER] = ['o', 'l', 'x'].map((letter) => letter.repeat(16));
const old = (version: number, more: Partial<Retired> = {}): Retired => ({ version, at: AT, rotation: 'kw-1', ...more });
const leak = (version: number): Leak => ({ version, at: AT, told: 0 });

function recalled(tombstone: string | undefined, retired: readonly Retired[] = [], leaks: readonly Leak[] = []) {
  const written = {
    [TOMBSTONES_FORM.annotation]: TOMBSTONES_FORM.write({ retired: [OLD ?? ''], leaked: [LEAKED ?? ''] }),
    [RETIRED_ANNOTATION]: writeRetired(retired),
    [LEAKS_ANNOTATION]: LEAKS_FORM.write(leaks),
  };
  const annotations = Object.entries(written).flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
  return retiredKeyIn(recordOf(Object.fromEntries(annotations) as Record<string, string>), tombstone);
}

describe('a key is known by what it left when it was retired', () => {
  test('and whether it leaked then', () => {
    expect(recalled(OLD)).toEqual({ why: 'a key that was retired here', undeleted: [] });
    expect(recalled(LEAKED)).toEqual({ why: 'a key that was retired here because it leaked', undeleted: [] });
  });

  test('and one that was never retired is not', () => {
    expect(recalled(OTHER)).toBeUndefined();
    expect(recalled(undefined)).toBeUndefined();
  });

  test('and old keys that nobody has deleted are named, each once', () => {
    const ledger = [old(1, { deletedAt: AT }), old(2), old(3, { urgent: true })];
    expect(recalled(OLD, ledger, [leak(3), leak(1), leak(7)])?.undeleted).toEqual([
      { version: 2, at: AT },
      { version: 3, at: AT },
      { version: 7, at: AT },
    ]);
  });

  test.each([RETIRED_ANNOTATION, LEAKS_ANNOTATION])(
    'and what cannot be read in %s is not taken for nothing',
    (name) => {
      const tombstones = TOMBSTONES_FORM.write({ retired: [OLD ?? ''], leaked: [] }) ?? '';
      const record = recordOf({ [TOMBSTONES_FORM.annotation]: tombstones, [name]: '{' });
      expect(retiredKeyIn(record, OLD)).toMatchObject({ undeleted: undefined });
    },
  );

  test('and tombstones that cannot be read say nothing', () => {
    expect(retiredKeyIn(recordOf({ [TOMBSTONES_FORM.annotation]: '{' }), OLD)).toBeUndefined();
  });
});
