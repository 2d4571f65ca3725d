import { spokenMinute, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';

/** What is seen of a topic: whether announcements can be published to it by whoever looks. */
export type TopicState = 'publishable' | 'not_permitted' | 'missing' | 'hidden';

/** A job of Cloud Scheduler, as its list shows it. */
export interface Job {
  /** The last part of its name. */
  readonly id: string;
  /** As Google spells it: ENABLED, PAUSED, DISABLED, UPDATE_FAILED. */
  readonly state: string;
  /** Absent until it ran once. */
  readonly lastAttempt?: Instant | undefined;
  /** How the last attempt ended, as a `google.rpc.Code`; 0 is well. */
  readonly lastCode: number;
}

/** Looks at what carries the worker besides secrets and keys. Both reject with `Fault`. */
export interface DeployedParts {
  topic(name: string): Promise<TopicState>;
  jobs(project: string, region: string): Promise<readonly Job[]>;
}

/** What was found about one topic or job; `says` is a sentence without its subject. */
export interface Part {
  readonly title: string;
  readonly state: 'well' | 'broken' | 'unknown';
  readonly says: string;
}

/** The jobs of a deployment, by the end of their ids: what stands before it is the deployment's name. */
export const JOB_ENDINGS = ['health-check', 'reconcile', 'reach', 'purge', 'inventory'] as const;
/** Those that are there only where somebody asked for what they start. */
const OPTIONAL: readonly string[] = ['reach', 'inventory'];

const TOPICS = {
  publishable: { state: 'well', says: 'is there, and you may publish' },
  not_permitted: { state: 'broken', says: 'is there, but you lack pubsub.topics.publish on it' },
  missing: { state: 'broken', says: 'does not exist' },
  hidden: { state: 'broken', says: 'does not exist, or you lack pubsub.topics.publish on it' },
} as const satisfies Record<TopicState, Omit<Part, 'title'>>;

/** One call per topic that can be published to, two for any other. */
export async function topicParts(deployedParts: DeployedParts, topics: readonly string[]): Promise<readonly Part[]> {
  return Promise.all(
    topics.map(async (topic) => {
      const title = `topic ${topic}`;
      const state = await attempt(() => deployedParts.topic(topic));
      return {
        title,
        ...(state instanceof Fault ? ({ state: 'unknown', says: state.message } as const) : TOPICS[state]),
      };
    }),
  );
}

/** One call per project: the worker is deployed in one of them, and a list tells of every job at once. */
export async function jobParts(
  deployedParts: DeployedParts,
  projects: readonly string[],
  region: string,
): Promise<readonly Part[]> {
  const lists = await Promise.all(projects.map((project) => attempt(() => deployedParts.jobs(project, region))));
  const unheard = lists.flatMap((list, at): readonly Part[] =>
    list instanceof Fault
      ? [{ title: `jobs of ${projects[at]} in ${region}`, state: 'unknown', says: list.message }]
      : [],
  );
  const jobs = lists.flatMap((list) => (list instanceof Fault ? [] : list));
  const found = JOB_ENDINGS.flatMap((ending): readonly Part[] => {
    const mine = jobs.filter(({ id }) => id.endsWith(`-${ending}`));
    if (mine.length > 0) return mine.map(jobPart);
    if (unheard.length > 0 || OPTIONAL.includes(ending)) return [];
    const where = `${projects.join(', ')} (${region})`;
    return [{ title: `job …-${ending}`, state: 'broken', says: `does not exist in ${where}: nothing starts it` }];
  });
  return [...unheard, ...found];
}

function jobPart({ id, state, lastAttempt, lastCode }: Job): Part {
  const title = `job ${id}`;
  if (state !== 'ENABLED') return { title, state: 'broken', says: `is ${state}: it does not run` };
  if (lastAttempt === undefined) return { title, state: 'unknown', says: 'has not run yet' };
  const when = spokenMinute(lastAttempt);
  if (lastCode === 0) return { title, state: 'well', says: `ran at ${when}, well` };
  return { title, state: 'broken', says: `failed at ${when}: ${MEANINGS[lastCode] ?? `google.rpc.Code ${lastCode}`}` };
}

/** What the usual codes say about a call of ours; a `google.rpc.Code` each. */
const MEANINGS: Readonly<Record<number, string>> = {
  4: 'DEADLINE_EXCEEDED, the function took too long',
  5: 'NOT_FOUND, the function is not at that address',
  7: 'PERMISSION_DENIED, the job’s account may not call the function',
  13: 'INTERNAL, the function failed: see its log',
  14: 'UNAVAILABLE, the function does not start or is overloaded: see its log',
  16: 'UNAUTHENTICATED, the function refuses the job’s token',
};
