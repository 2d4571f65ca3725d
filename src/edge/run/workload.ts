import type { Consumer, Running } from '../../core/consumers/consumer.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { parseInstant } from '../../core/values/time.ts';
import { lastOf, recordIn, recordsIn, textIn, textsIn } from './fields.ts';
import { readsOfTemplate } from './references.ts';

/** The kinds of Cloud Run: where each is listed, what that takes, and where it says where requests go. */
export const WORKLOADS = {
  service: { plural: 'services', permission: 'run.services.list', statuses: 'trafficStatuses' },
  workerPool: { plural: 'workerPools', permission: 'run.workerpools.list', statuses: 'instanceSplitStatuses' },
  job: { plural: 'jobs', permission: 'run.jobs.list', statuses: undefined },
} as const;

export type WorkloadKind = keyof typeof WORKLOADS;

/** A revision that serves, or that a tag names. */
export interface Addressed {
  readonly revision: string;
  readonly share: number;
  readonly tag: string | undefined;
}

/** Where requests go now: what somebody wants may be another thing. The latest one bears no name there. */
export function addressedIn(resource: JsonRecord, kind: WorkloadKind): readonly Addressed[] {
  const { statuses } = WORKLOADS[kind];
  if (statuses === undefined) return [];
  const ready = textIn(resource, 'latestReadyRevision');
  return recordsIn(resource, statuses).flatMap((status) => {
    const revision = textIn(status, 'revision') ?? (ready === undefined ? undefined : lastOf(ready));
    const { percent } = status;
    if (revision === undefined) return [];
    return [{ revision, share: typeof percent === 'number' ? percent : 0, tag: textIn(status, 'tag') }];
  });
}

/** Whether a new revision gets all the traffic by itself: nothing goes to one that somebody named. */
function followsNewest(resource: JsonRecord, kind: WorkloadKind): boolean {
  const { statuses } = WORKLOADS[kind];
  if (statuses === undefined) return true;
  return recordsIn(resource, statuses).every(
    ({ type, percent }) => !Number(percent ?? 0) || (typeof type === 'string' && type.endsWith('_LATEST')),
  );
}

/** Whether what serves is made of the template as it stands: then no revision need be read to know what it reads. */
export function servesTemplate(resource: JsonRecord, kind: WorkloadKind): boolean {
  return (
    followsNewest(resource, kind) &&
    resource['latestReadyRevision'] === resource['latestCreatedRevision'] &&
    addressedIn(resource, kind).every(({ tag }) => tag === undefined)
  );
}

/** The template of revisions, or of the tasks of a job. */
function templateIn(resource: JsonRecord, kind: WorkloadKind): JsonRecord {
  const template = recordIn(resource, 'template');
  return kind === 'job' ? recordIn(template, 'template') : template;
}

/** A revision or an execution, as what runs. */
export function runningOf(
  resource: JsonRecord,
  project: string,
  { share, tag }: Pick<Addressed, 'share' | 'tag'>,
): Running {
  const inner = recordIn(resource, 'template');
  const template = resource['containers'] === undefined ? inner : resource;
  return {
    name: lastOf(textIn(resource, 'name') ?? ''),
    since: parseInstant(textIn(resource, 'createTime') ?? ''),
    share,
    tag,
    reads: readsOfTemplate(template, project),
  };
}

/** A service, job or worker pool with what runs of it. */
export function consumerOf(
  resource: JsonRecord,
  { kind, project, region }: Pick<Consumer, 'project' | 'region'> & { readonly kind: WorkloadKind },
  running: readonly Running[],
): Consumer {
  const template = templateIn(resource, kind);
  const labels = textsIn(resource, 'labels');
  return {
    kind,
    name: textIn(resource, 'name') ?? '',
    project,
    region,
    labels,
    account: textIn(template, 'serviceAccount'),
    deployedBy: labels['goog-managed-by'] === 'firebase-functions' ? 'firebase' : 'hand',
    template: readsOfTemplate(template, project),
    running,
    follows: followsNewest(resource, kind),
  };
}
