import { describe, expect, test } from '@jest/globals';
import { isDueWithin, sinceOf, whyOf } from '../../../src/app/on-record/spoken-member.ts';
import { spokenWatch } from '../../../src/app/on-record/spoken-watch.ts';
import { worstFirst } from '../../../src/app/on-record/worst-first.ts';
import { CONDITIONS } from '../../../src/core/fleet/condition.ts';
import { DAY_MS, plusMs } from '../../../src/core/values/time.ts';
import { episode, memberOf, sick } from '../../support/members.ts';
import { ago, ahead, inFlight, NOW } from '../../support/journals.ts';

describe('why a secret is as it is, in a few words', () => {
  test('what is well, or only due, needs none', () => {
    expect(whyOf(memberOf({ condition: 'well' }))).toBe('-');
    expect(whyOf(memberOf({ condition: 'due' }))).toBe('-');
  });

  test('what nobody looked at, or can read, says so', () => {
    expect(whyOf(memberOf({ condition: 'unreadable', health: undefined }))).toMatch(/form that this release does not/);
    expect(whyOf(memberOf({ condition: 'unwatched' }))).toBe('no complete check saw it lately');
    expect(whyOf(memberOf({ condition: 'unchecked' }))).toBe('no check of it is on record');
  });

  test('trouble is named by its cause, and a key that works again as well', () => {
    expect(whyOf(memberOf({ condition: 'failing', health: sick() }))).toBe('the key was deleted');
    const mending = { is: 'mending', episodes: 1, episode: episode(), goodRuns: 1 } as const;
    expect(whyOf(memberOf({ condition: 'mending', health: mending }))).toBe('the key was deleted; works again');
    const suspect = { is: 'suspect', episodes: 0, since: ago(1), cause: 'key_not_found', runs: 2 } as const;
    expect(whyOf(memberOf({ condition: 'suspect', health: suspect }))).toBe('the key was deleted, 2 runs');
    expect(whyOf(memberOf({ condition: 'suspect', health: undefined }))).toBe('-');
    expect(whyOf(memberOf({ condition: 'failing', health: undefined }))).toBe('-');
  });

  test('a leak names its versions, and a rotation what it waits for', () => {
    const leaks = [{ version: 3, at: ago(2), told: 1 }];
    expect(whyOf(memberOf({ condition: 'leaked', leaks }))).toBe('version 3: the leaked key is not proven dead');
    expect(whyOf(memberOf({ condition: 'leaked', leaks: undefined }))).toMatch(/^version : /);
    const rotation = inFlight({ phase: 'promoted' });
    expect(whyOf(memberOf({ condition: 'rotating', rotation }))).toBe('next: confirm');
    expect(whyOf(memberOf({ condition: 'held', rotation: { ...rotation, why: 'busy' } }))).toBe('busy');
    expect(whyOf(memberOf({ condition: 'held', rotation: undefined }))).toBe('-');
  });
});

describe('since when', () => {
  test('a leak goes before an episode, that before a rotation, and that before the last change of its health', () => {
    const rotation = inFlight({ phase: 'promoted', since: ago(3) });
    const leaks = [{ version: 3, at: ago(2), told: 1 }];
    expect(sinceOf(memberOf({ leaks, health: sick(), rotation }))).toBe(ago(2));
    expect(sinceOf(memberOf({ leaks: undefined, health: sick(), rotation }))).toBe(sick().episode.openedAt);
    expect(sinceOf(memberOf({ rotation }))).toBe(ago(3));
    expect(sinceOf(memberOf({ health: { is: 'well', episodes: 0, since: ago(9) } }))).toBe(ago(9));
    expect(sinceOf(memberOf({ health: undefined, rotation: undefined }))).toBeUndefined();
    expect(sinceOf(memberOf({ health: { is: 'well', episodes: 0 } }))).toBeUndefined();
  });

  test('what is due by then is due within the time asked for, and what is never due is not', () => {
    expect(isDueWithin({ due: { is: 'at', at: ahead(24) } }, NOW, DAY_MS)).toBe(true);
    expect(isDueWithin({ due: { is: 'at', at: ahead(25) } }, NOW, DAY_MS)).toBe(false);
    expect(isDueWithin({ due: { is: 'never' } }, NOW, DAY_MS)).toBe(false);
  });
});

describe('whether anybody looks', () => {
  const lookedBackTo = plusMs(NOW, -7 * DAY_MS);
  const runs = { byScope: new Map(), unknown: new Map(), lookedBackTo };

  test('the newest run counts, whatever the scope; without one it says whether there is none or nobody can tell', () => {
    const byScope = new Map([
      ['a/global', ago(2)],
      ['b/global', ago(1)],
    ]);
    expect(spokenWatch({ runs: { ...runs, byScope } }, NOW)).toEqual({
      is: 'run',
      says: 'the last complete check ended 1 h ago',
    });
    expect(spokenWatch({ runs }, NOW).is).toBe('no run');
    const unknown = new Map([['ops-prod', 'it has no log']]);
    expect(spokenWatch({ runs: { ...runs, unknown } }, NOW)).toEqual({
      is: 'not known',
      says: 'when a check ran last is not known: the log of ops-prod could not be read (it has no log)',
    });
  });
});

describe('the worst first', () => {
  test('by condition, and of those that fail the gravest', () => {
    const grave = memberOf({ secret: 'b', condition: 'failing', health: sick({ severity: 'critical' }) });
    const mild = memberOf({ secret: 'a', condition: 'failing', health: sick({ severity: 'warning' }) });
    const others = CONDITIONS.filter((one) => one !== 'failing').map((condition) => memberOf({ condition }));
    const inOrder = worstFirst([...others.toReversed(), mild, grave]);
    expect(inOrder.map(({ condition }) => condition)).toEqual(['leaked', 'failing', ...CONDITIONS.slice(1)]);
    expect(inOrder.slice(1, 3)).toEqual([grave, mild]);
  });
});
