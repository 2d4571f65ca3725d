import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Job, DeployedParts } from '../../app/doctor/deployed-parts.ts';
import { isRecord } from '../../core/values/json.ts';
import { parseTopicName } from '../../core/google/resource-names.ts';
import { parseInstant } from '../../core/values/time.ts';
import { googleRest, listIn, nextPageIn, type RestAdapterOptions } from '../google/rest.ts';
import { projectAt } from '../google/key-names.ts';
import { boundedPages } from '../google/pages.ts';
import { repeatedly } from '../google/retry.ts';

export interface DeployedPartsOptions extends RestAdapterOptions {
  readonly pubsubUrl?: string | undefined;
  readonly schedulerUrl?: string | undefined;
}

/** Somebody waits at a terminal. */
const PLAN = { attemptsMax: 3, waitMs: 250, waitMsMax: 2_000 };
const PAGE_SIZE = 500;
const PUBLISH = 'pubsub.topics.publish';
const REGION = /^[a-z]+-[a-z]+\d+$/;

/** Topics and Scheduler jobs, over REST, read only. Throws `invalid` at once for a URL that cannot be used. */
export function googleDeployedParts(options: DeployedPartsOptions): DeployedParts & { close(): Promise<void> } {
  const { authClient, callMs, clock, random } = options;
  const { pubsubUrl = 'https://pubsub.googleapis.com', schedulerUrl = 'https://cloudscheduler.googleapis.com' } =
    options;
  const pubsub = googleRest({ title: 'Pub/Sub', url: pubsubUrl, authClient, callMs });
  const scheduler = googleRest({ title: 'Cloud Scheduler', url: schedulerUrl, authClient, callMs });
  const patience = { clock, random, plan: PLAN };

  const mayPublish = async (topic: string, project: string): Promise<boolean> => {
    const asked = { doing: `ask for the permissions on ${topic}` };
    const path = `/v1/${topic}:testIamPermissions`;
    const body = { permissions: [PUBLISH] };
    const answer = await repeatedly(patience, () => pubsub.ask({ method: 'POST', path, body, project }, asked));
    return listIn(answer, 'permissions', asked).includes(PUBLISH);
  };

  return {
    async topic(name) {
      const project = parseTopicName(name)?.project;
      if (project === undefined)
        throw new Fault('invalid', `"${name}" is not the name of a topic. Write it like projects/PROJECT/topics/ID.`);
      // Asked about what does not exist, Google answers either 404 or that nothing is permitted.
      const permitted = await attempt(() => mayPublish(name, project));
      if (permitted === true) return 'publishable';
      if (permitted instanceof Fault && permitted.code !== 'not_found') throw permitted;
      const asked = { doing: `look at ${name}`, permission: 'pubsub.topics.get', role: 'roles/pubsub.viewer' };
      const call = { method: 'GET', path: `/v1/${name}`, project } as const;
      const seen = await attempt(() => repeatedly(patience, () => pubsub.ask(call, asked)));
      if (!(seen instanceof Fault)) return 'not_permitted';
      if (seen.code === 'not_found') return 'missing';
      if (seen.code === 'denied') return 'hidden';
      throw seen;
    },
    async jobs(project, region) {
      if (!REGION.test(region)) throw new Fault('invalid', `"${region}" is not a region. Write it like europe-west1.`);
      const path = `/v1/${projectAt(project)}/locations/${region}/jobs`;
      const asked = {
        doing: `list the Scheduler jobs of ${project} in ${region}`,
        permission: 'cloudscheduler.jobs.list',
        role: 'roles/cloudscheduler.viewer',
      };
      const pages = boundedPages(async (pageToken) => {
        const query = { pageSize: String(PAGE_SIZE), ...(pageToken === '' ? {} : { pageToken }) };
        const page = await repeatedly(patience, () => scheduler.ask({ method: 'GET', path, query, project }, asked));
        return { items: listIn(page, 'jobs', asked), next: nextPageIn(page) };
      });
      const jobs: Job[] = [];
      for await (const page of pages) jobs.push(...page.flatMap(jobIn));
      return jobs;
    },
    async close() {
      await Promise.all([pubsub.close(), scheduler.close()]);
    },
  };
}

/** `status` is of the last attempt, and an empty one says that it went well. */
function jobIn(job: unknown): readonly Job[] {
  if (!isRecord(job)) return [];
  const { name, state, lastAttemptTime, status } = job;
  if (typeof name !== 'string') return [];
  const { code } = isRecord(status) ? status : {};
  return [
    {
      id: name.slice(name.lastIndexOf('/') + 1),
      state: typeof state === 'string' ? state : 'in an unknown state',
      lastAttempt: typeof lastAttemptTime === 'string' ? parseInstant(lastAttemptTime) : undefined,
      lastCode: typeof code === 'number' ? code : 0,
    },
  ];
}
