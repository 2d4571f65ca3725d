import { describe, expect, test } from '@jest/globals';
import { keysLeftIn, stopsOf, type RecentOutcome, type KeyQuotaUse } from '../../../src/core/fleet/key-quota.ts';

const secrets = (count: number, recentOutcome: RecentOutcome, keyProject = 'one', keys = 1): readonly KeyQuotaUse[] =>
  Array.from({ length: count }, () => ({ keyProject, keys, recentOutcome }));

describe('trouble that rotations have in common', () => {
  test('stops the project after five of them', () => {
    expect([...stopsOf([...secrets(4, 'trouble'), ...secrets(90, 'neither')])]).toEqual([]);
    const stops = stopsOf([...secrets(5, 'trouble'), ...secrets(9, 'success', 'two'), ...secrets(9, 'neither')]);
    expect([...stops]).toEqual([['one', '5 rotations were held or given up within a day and 0 went well']]);
  });

  test('does not stop a project in which as many went well: a few bad secrets keep nobody waiting', () => {
    expect(stopsOf([...secrets(9, 'trouble'), ...secrets(8, 'success')]).size).toBe(1);
    expect(stopsOf([...secrets(9, 'trouble'), ...secrets(9, 'success')]).size).toBe(0);
  });

  test('stops the project after two that say the same, told once with its reason', () => {
    const why = 'an auth key is bound to a service account, and neither the old key nor the policy names one';
    const inTrouble = (id: string, text: string): KeyQuotaUse => ({
      keyProject: 'one',
      keys: 1,
      recentOutcome: 'trouble',
      recentTrouble: { secret: `projects/7/secrets/${id}`, why: text },
    });
    const alike = [inTrouble('app', `${why.slice(0, 79)}…`), inTrouble('ads', why)];
    expect([...stopsOf([...alike, ...secrets(9, 'neither')])]).toEqual([
      ['one', `2 rotations came to nothing or wait for a person alike: ${why}`],
    ]);
    expect(stopsOf([...alike, ...secrets(2, 'success')]).size).toBe(0);
    expect(stopsOf([inTrouble('app', why), inTrouble('ads', 'its value is a password')]).size).toBe(0);
    // What each calls itself is no difference.
    const own = ['app', 'ads'].map((id) => inTrouble(id, `Cannot look at projects/7/secrets/${id}: no`));
    expect(stopsOf(own).size).toBe(1);
  });

  test('of many projects stops all of them', () => {
    const few = ['a', 'b', 'c', 'd', 'e'].flatMap((project) => secrets(1, 'trouble', project));
    const stops = stopsOf([...few, ...secrets(7, 'neither', 'f')]);
    expect([...stops.keys()]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

describe('a project’s 300 keys', () => {
  test('are not used up: some are left for people and emergencies', () => {
    expect(stopsOf(secrets(144, 'neither', 'one', 2)).size).toBe(0);
    expect(stopsOf(secrets(145, 'neither', 'one', 2)).get('one')).toContain('290 of the 300 keys');
  });

  test('leave room for so many more', () => {
    expect([...keysLeftIn([...secrets(100, 'neither', 'one', 2), ...secrets(3, 'neither', 'two')])]).toEqual([
      ['one', 90],
      ['two', 287],
    ]);
  });
});
