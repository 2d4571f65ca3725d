import { describe, expect, test } from '@jest/globals';
import type { Running } from '../../../src/core/consumers/consumer.ts';
import { progressOf, type Deployment } from '../../../src/core/consumers/progress.ts';
import { ago, MINUTE_MS, NOW } from '../../support/journals.ts';
import { plusMs } from '../../../src/core/values/time.ts';

const SECRET = 'projects/1/secrets/a';
const MOVE = { secret: SECRET, mark: '2@kw-1', at: ago(1), back: { from: '3@kw-1', isOver: false } };
const MARKED = `${SECRET}=2@kw-1`;

function followers(fields: Partial<Deployment> = {}, running: readonly Partial<Running>[] = []) {
  const deployment: Deployment = { reached: undefined, undone: undefined, state: 'ready', changedAt: NOW, ...fields };
  const serving = running.map((one) => ({ name: 'api-1', share: 100, reads: [], ...one }));
  return progressOf({ running: serving }, deployment, MOVE, NOW);
}

describe('a consumer that was started for the move', () => {
  test('is on it once it is ready', () => {
    expect(followers({ reached: MARKED })).toEqual({ is: 'on' });
    expect(followers({ reached: MARKED, state: 'underway' })).toEqual({ is: 'underway' });
  });

  test('has failed where Google says so, or says nothing for a quarter of an hour', () => {
    expect(followers({ reached: MARKED, state: 'failed', why: 'no port' })).toEqual({ is: 'failed', why: 'no port' });
    const changedAt = plusMs(NOW, -15 * MINUTE_MS);
    expect(followers({ reached: MARKED, state: 'underway', changedAt })).toEqual({
      is: 'failed',
      why: 'it is not ready',
    });
  });
});

describe('a consumer that was not', () => {
  test('is due, whatever it was started for before', () => {
    expect(followers()).toEqual({ is: 'due' });
    expect(followers({ reached: `${SECRET}=1@kw-0` })).toEqual({ is: 'due' });
  });

  test('is waited for while somebody else deploys it', () => {
    expect(followers({ state: 'underway' })).toEqual({ is: 'underway' });
  });

  test('is on the move all the same where all that serves was started well after it', () => {
    expect(followers({}, [{ since: ago(0.5) }])).toEqual({ is: 'on' });
    expect(followers({ undone: MARKED }, [{ since: ago(0.5) }])).toEqual({ is: 'on' });
    expect(followers({}, [{ since: ago(0.5) }, { since: ago(3), share: 0 }])).toEqual({ is: 'on' });
  });

  test('is not taken to be on it by clocks that may differ, or by what nobody knows', () => {
    expect(followers({}, [{ since: plusMs(ago(1), 4 * MINUTE_MS) }])).toEqual({ is: 'due' });
    expect(followers({}, [{}])).toEqual({ is: 'due' });
    expect(followers({}, [{ since: ago(0.5) }, { since: ago(3), share: 10 }])).toEqual({ is: 'due' });
  });

  test('is not tried again by itself once it did not come up', () => {
    expect(followers({ undone: MARKED })).toMatchObject({ is: 'undone' });
  });

  test('is left alone where its last deployment failed already', () => {
    expect(followers({ state: 'failed', why: 'no image' })).toMatchObject({
      is: 'broken',
      why: expect.stringContaining('no image'),
    });
    expect(followers({ state: 'underway', changedAt: ago(1) })).toMatchObject({ is: 'broken' });
    expect(followers({ state: 'failed', reached: `${SECRET}=3@kw-0` })).toMatchObject({ is: 'broken' });
  });

  test('is due where what failed was made by the same rotation, on the way that it came back from', () => {
    const reached = `${SECRET}=3@kw-1`;
    expect(followers({ state: 'failed', reached })).toEqual({ is: 'due' });
    expect(followers({ state: 'underway', changedAt: ago(1), reached })).toEqual({ is: 'due' });
    expect(followers({ state: 'failed', undone: reached })).toEqual({ is: 'due' });
    expect(followers({ state: 'underway', reached })).toEqual({ is: 'underway' });
  });
});
