import { describe, expect, test } from '@jest/globals';
import { askedFor, REACH_LABEL, type ReachPolicy } from '../../../src/core/consumers/asked-for.ts';
import type { Consumer } from '../../../src/core/consumers/consumer.ts';
import { ago } from '../../support/journals.ts';
import type { Instant } from '../../../src/core/values/time.ts';
import { consumer, readBy } from '../../support/reach-stage.ts';

const AIM = { to: 2, other: 1, newest: 2, accounts: [], at: ago(1) };
const ALL: ReachPolicy = { reachConsumers: 2, reachPinned: 0 };
const LABELLED: ReachPolicy = { ...ALL, reachConsumers: 1 };
const ask = (fields: Partial<Consumer>, policy = ALL, aim: Parameters<typeof askedFor>[1] = AIM) =>
  askedFor(consumer(fields), aim, policy, () => true);
const YES = { is: 'yes' };
const no = (why: string) => ({ is: 'no', why: expect.stringContaining(why) });
const itself = (why: string) => ({ is: 'itself', why: expect.stringContaining(why) });
const left = (why: string) => ({ is: 'left', why: expect.stringContaining(why) });

describe('who is brought along', () => {
  test('is nobody unless the settings say so, whatever a label asks for', () => {
    expect(ask({ labels: { [REACH_LABEL]: 'on' } }, { ...ALL, reachConsumers: 0 })).toEqual(no('to nobody'));
  });

  test('is who has the label, or everybody but who has refused', () => {
    expect(ask({}, LABELLED)).toEqual(no('has no label key-warden-reach=on'));
    expect(ask({ labels: { [REACH_LABEL]: 'on' } }, LABELLED)).toEqual(YES);
    expect(ask({})).toEqual(YES);
    expect(ask({ labels: { [REACH_LABEL]: 'off' } })).toEqual(no('is off'));
  });

  test('is who filled a variable at the start of an instance: a file is fetched again, and a job starts anew', () => {
    expect(ask({ template: [readBy({ by: 'file' })] })).toEqual(itself('fetches a file'));
    expect(ask({ kind: 'job' })).toEqual(itself('each execution'));
    expect(ask({ kind: 'workerPool' })).toEqual(YES);
    expect(ask({ template: [readBy({ version: 'latest' })] })).toEqual(YES);
  });

  test('is nobody who reads another secret, a version of neither side, or an alias of their own', () => {
    expect(askedFor(consumer(), AIM, ALL, () => false)).toEqual(itself('fetches a file'));
    expect(ask({ template: [readBy({ version: '7' })] })).toEqual(no('reads version 7'));
    expect(ask({ template: [readBy({ version: 'blue' })] })).toEqual(no('reads version blue'));
  });
});

describe('a number that somebody wrote', () => {
  const pinned = { template: [readBy({ version: '1' })] };

  test('is left alone and told', () => {
    expect(ask(pinned)).toEqual(left('names version 1 by its number'));
  });

  test('is moved where the policy says so, and then still looked after', () => {
    const policy = { ...ALL, reachPinned: 1 };
    expect(ask(pinned, policy)).toEqual(YES);
    expect(ask({ template: [readBy({ version: '2' })] }, policy)).toEqual(YES);
    expect(ask({ template: [readBy({ version: '2' })] })).toEqual(no('reads version 2'));
  });
});

describe('who is left alone and told', () => {
  test.each([
    ['reech', 'key-warden-reech', 'on', 'perhaps meant to be key-warden-reach'],
    ['a value', REACH_LABEL, 'yes', 'it can be on or off'],
  ])('a label with a typo: %s', (_, name, value, why) => {
    expect(ask({ labels: { [name]: value } }, LABELLED)).toEqual(left(why));
  });

  test('but other labels are nobody’s typo', () => {
    expect(ask({ labels: { team: 'search', 'key-warden': 'managed' } }, LABELLED)).toEqual(no('has no label'));
  });

  test('functions, which would be built anew, and the services below them', () => {
    expect(ask({ kind: 'function' })).toEqual(left('builds anew'));
    expect(ask({ labels: { 'goog-managed-by': 'cloudfunctions' } })).toEqual(left('builds anew'));
  });

  test('traffic that somebody splits by hand', () => {
    expect(ask({ follows: false })).toEqual(left('split by hand'));
  });

  test('until its owner has deployed it after the key had moved', () => {
    const since = (at: Instant, version = 'current') => ({
      running: [{ name: 'app-2', share: 100, since: at, reads: [] }],
      template: [readBy({ version })],
    });
    const later = itself('deployed after the key had moved');
    for (const hindered of [
      { kind: 'function' },
      { follows: false },
      { labels: { 'key-warden-reech': 'on' } },
    ] as const) {
      expect(ask({ ...hindered, ...since(ago(0.5)) })).toEqual(later);
      expect(ask({ ...hindered, ...since(ago(2)) })).toEqual(left(''));
    }
    // One that names the old version was deployed with it.
    expect(ask({ kind: 'function', ...since(ago(0.5), '1') })).toEqual(left('builds anew'));
    expect(ask(since(ago(0.5), 'latest'), ALL, { ...AIM, newest: 3 })).toEqual(left('reads latest'));
  });

  test('who runs as an account that the settings do not name', () => {
    const aim = { ...AIM, accounts: ['app@p.iam.gserviceaccount.com'] };
    expect(ask({ account: 'app@p.iam.gserviceaccount.com' }, ALL, aim)).toEqual(YES);
    expect(ask({ account: 'other@p.iam.gserviceaccount.com' }, ALL, aim)).toEqual(left('runs as other@p'));
    expect(ask({}, ALL, aim)).toEqual(left('its project’s default account'));
  });

  test('who reads `latest` of a rotation that was given up: brought back when the old key was added again', () => {
    const newest = { template: [readBy({ version: 'latest' })] };
    const back = { from: '1@kw-1', isOver: false };
    expect(ask(newest, ALL, { ...AIM, newest: 3, back })).toEqual(no('once the old key was added again'));
    expect(ask(newest, ALL, { ...AIM, newest: 3, back: { ...back, isOver: true, again: 3 } })).toEqual(YES);
    expect(ask(newest, ALL, { ...AIM, newest: 4, back: { ...back, isOver: true, again: 3 } })).toEqual(
      left('reads latest, which is not version 2'),
    );
  });

  test('but of such a rotation, once it has ended, nobody who reads the alias', () => {
    const back = { from: '1@kw-1', isOver: true };
    expect(ask({ kind: 'function' }, ALL, { ...AIM, back })).toEqual(no('builds anew'));
    expect(ask({ kind: 'function', template: [readBy({ version: '1' })] }, ALL, { ...AIM, back })).toEqual(
      left('builds anew'),
    );
  });

  test('who reads `latest` while that is not what `current` names', () => {
    expect(ask({ template: [readBy({ version: 'latest' })] }, ALL, { ...AIM, newest: 3 })).toEqual(
      left('reads latest, which is not version 2'),
    );
  });
});
