import { expect, test } from '@jest/globals';
import { CAUSES, type Cause } from '../../../src/core/causes/causes.ts';
import {
  codeOf,
  isGood,
  conditionOf,
  CONDITIONS,
  type OnRecord,
  type Condition,
} from '../../../src/core/fleet/condition.ts';
import { UNSEEN, type Health } from '../../../src/core/record/health-state.ts';
import { ago, ahead, HOUR_MS, inFlight, NOW, resting } from '../../support/journals.ts';

const EPISODE = { id: 's#1', openedAt: NOW, announcedAt: NOW, reminders: 0 } as const;
const sick = (cause: Cause): Health => ({
  is: 'sick',
  episodes: 1,
  episode: { ...EPISODE, cause, severity: CAUSES[cause].severity },
});
const SICK = sick('key_invalid');
const WELL: Health = { is: 'well', episodes: 0, since: ago(5) };
const GOOD: OnRecord = {
  health: WELL,
  rotation: resting(),
  leaks: [],
  checked: { is: 'at', at: ago(0.5) },
  dueAt: ahead(1),
};
const LEAK = { version: 1, at: NOW, told: 1, toldAt: NOW };

test.each<[string, Partial<OnRecord>, Condition]>([
  ['a leak that is open comes before all else (I18)', { leaks: [LEAK], health: SICK }, 'leaked'],
  ['an open episode', { health: SICK, rotation: inFlight({ held: true }) }, 'failing'],
  ['a rotation that waits for a person', { rotation: inFlight({ held: true }) }, 'held'],
  ['health that is not understood', { health: undefined }, 'unreadable'],
  ['a journal that is not understood', { rotation: undefined }, 'unreadable'],
  ['a list of leaks that is not understood', { leaks: undefined }, 'unreadable'],
  ['a suspicion', { health: { is: 'suspect', episodes: 0, since: NOW, cause: 'timeout', runs: 1 } }, 'suspect'],
  ['an episode that may be over', { health: { ...SICK, is: 'mending', goodRuns: 1 } as Health }, 'mending'],
  ['what nobody has looked at', { health: UNSEEN }, 'unchecked'],
  ['a worker that stopped looking', { checked: { is: 'at', at: ago(1.01) } }, 'unwatched'],
  ['a worker of which the log knows nothing', { checked: { is: 'not_found' } }, 'unwatched'],
  ['a log that may not be read says nothing against the record', { checked: { is: 'unknown', why: 'x' } }, 'well'],
  ['a rotation under way', { rotation: inFlight(), dueAt: ago(1) }, 'rotating'],
  ['a key that is due and not being replaced', { dueAt: ago(1) }, 'due'],
  ['a key that is never due', { dueAt: undefined }, 'well'],
  ['a good key that somebody looked at', {}, 'well'],
])('%s stands as it should', (_, fields, condition) => {
  expect(conditionOf({ ...GOOD, ...fields }, NOW, HOUR_MS)).toBe(condition);
});

test('only what is known to be well ends with 0, in the words of the README', () => {
  expect(CONDITIONS.filter(isGood)).toEqual(['due', 'rotating', 'well']);
  const codes = Object.fromEntries(CONDITIONS.map((condition) => [condition, codeOf(condition, SICK)]));
  expect(codes).toEqual({
    leaked: 5,
    failing: 1,
    held: 5,
    unreadable: 3,
    suspect: 3,
    mending: 3,
    unwatched: 3,
    unchecked: 3,
    due: 0,
    rotating: 0,
    well: 0,
  });
  expect(codeOf('failing', sick('billing_disabled'))).toBe(1);
  expect(codeOf('failing', sick('timeout'))).toBe(3);
  expect(codeOf('failing', undefined)).toBe(3);
});
