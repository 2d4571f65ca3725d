import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import {
  jobParts,
  topicParts,
  type Job,
  type DeployedParts,
  type TopicState,
} from '../../../src/app/doctor/deployed-parts.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const NOON = instantOf(Date.UTC(2026, 10, 24, 12));
const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  state: 'ENABLED',
  lastAttempt: NOON,
  lastCode: 0,
  ...more,
});

function deployedParts({ topic, jobs }: { topic?: TopicState | Fault; jobs?: Record<string, readonly Job[] | Fault> }) {
  const asked: string[] = [];
  const told = <T>(answer: T | Fault): Promise<T> =>
    answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer);
  const fake: DeployedParts = {
    topic(name) {
      asked.push(name);
      return told(topic ?? 'publishable');
    },
    jobs(project, region) {
      asked.push(`${project} ${region}`);
      return told(jobs?.[project] ?? []);
    },
  };
  return { ...fake, asked };
}

describe('a topic', () => {
  test.each<[TopicState | Fault, string, string]>([
    ['publishable', 'well', 'is there, and you may publish'],
    ['not_permitted', 'broken', 'is there, but you lack pubsub.topics.publish on it'],
    ['missing', 'broken', 'does not exist'],
    ['hidden', 'broken', 'does not exist, or you lack pubsub.topics.publish on it'],
    [new Fault('unavailable', 'no answer'), 'unknown', 'no answer'],
  ])('that is %s', async (topic, state, says) => {
    expect(await topicParts(deployedParts({ topic }), ['projects/p/topics/alerts'])).toEqual([
      { title: 'topic projects/p/topics/alerts', state, says },
    ]);
  });

  test('is not asked about when none is set', async () => {
    const port = deployedParts({});
    expect(await topicParts(port, [])).toEqual([]);
    expect(port.asked).toEqual([]);
  });
});

describe('the jobs', () => {
  const parts = (...jobs: readonly Job[]) => jobParts(deployedParts({ jobs: { p: jobs } }), ['p'], 'europe-west1');

  test('that all ran well are found by the ends of their names, with one call per project', async () => {
    const port = deployedParts({
      jobs: { ops: [job('kw-health-check'), job('kw-reconcile'), job('kw-purge'), job('x')] },
    });
    expect(await jobParts(port, ['search', 'ops'], 'europe-west1')).toEqual([
      { title: 'job kw-health-check', state: 'well', says: 'ran at 2026-11-24 12:00 UTC, well' },
      { title: 'job kw-reconcile', state: 'well', says: expect.anything() },
      { title: 'job kw-purge', state: 'well', says: expect.anything() },
    ]);
    expect(port.asked).toEqual(['search europe-west1', 'ops europe-west1']);
  });

  test.each<[string, Partial<Job>, string, string]>([
    ['is paused', { state: 'PAUSED' }, 'broken', 'is PAUSED: it does not run'],
    ['never ran', { lastAttempt: undefined }, 'unknown', 'has not run yet'],
    [
      'is refused',
      { lastCode: 7 },
      'broken',
      'failed at 2026-11-24 12:00 UTC: PERMISSION_DENIED, the job’s account may not call the function',
    ],
    ['failed in a rare way', { lastCode: 2 }, 'broken', 'failed at 2026-11-24 12:00 UTC: google.rpc.Code 2'],
  ])('one that %s', async (_, more, state, says) => {
    expect((await parts(job('kw-purge', more))).at(-1)).toEqual({ title: 'job kw-purge', state, says });
  });

  test('that are missing are named, with where they were looked for', async () => {
    expect(await parts(job('kw-purge'))).toMatchObject([
      { title: 'job …-health-check', state: 'broken', says: 'does not exist in p (europe-west1): nothing starts it' },
      { title: 'job …-reconcile', state: 'broken' },
      { title: 'job kw-purge', state: 'well' },
    ]);
  });

  test('are not called missing while a project could not be looked at', async () => {
    const port = deployedParts({ jobs: { ops: [job('kw-purge')], search: new Fault('denied', 'No.') } });
    expect(await jobParts(port, ['ops', 'search'], 'europe-west1')).toMatchObject([
      { title: 'jobs of search in europe-west1', state: 'unknown', says: 'No.' },
      { title: 'job kw-purge', state: 'well' },
    ]);
  });
});
