import type { JsonObject } from '../wire/rest/json-body.ts';

/** What Cloud Run keeps at a path of its own. */
export type Plural = 'services' | 'workerPools' | 'jobs';

/** How one kind differs from the others (google/cloud/run/v2/{service,worker_pool,job}.proto). */
export interface Kind {
  readonly plural: Plural;
  /** Message name, as operations say what they are of. */
  readonly type: string;
  /** What its permissions begin with; those of worker pools are lower case. */
  readonly permissions: string;
  /** Parameter of a create that names the new one. */
  readonly idField: string;
  /** How a refusal calls it. */
  readonly word: string;
  /** Field that says where requests or instances go, and the prefix of the enum in it; a job has no revisions. */
  readonly split?: { readonly field: string; readonly statuses: string; readonly allocation: string };
  /** Whether a PATCH takes a mask, and can be told to make a revision of an equal template. */
  readonly masked: boolean;
  /** Output only and transient fields, which no PATCH changes. */
  readonly ownFields: readonly string[];
}

const OUTPUT = [
  'name',
  'uid',
  'generation',
  'createTime',
  'updateTime',
  'deleteTime',
  'expireTime',
  'creator',
  'lastModifier',
  'observedGeneration',
  'terminalCondition',
  'conditions',
  'satisfiesPzs',
  'reconciling',
  'etag',
];
const OF_REVISIONS = ['latestReadyRevision', 'latestCreatedRevision'];

export const KINDS: Readonly<Record<Plural, Kind>> = {
  services: {
    plural: 'services',
    type: 'Service',
    permissions: 'run.services',
    idField: 'serviceId',
    word: 'SERVICE',
    split: { field: 'traffic', statuses: 'trafficStatuses', allocation: 'TRAFFIC_TARGET_ALLOCATION_TYPE' },
    masked: true,
    ownFields: [...OUTPUT, ...OF_REVISIONS, 'trafficStatuses', 'uri', 'urls', 'threatDetectionEnabled'],
  },
  workerPools: {
    plural: 'workerPools',
    type: 'WorkerPool',
    permissions: 'run.workerpools',
    idField: 'workerPoolId',
    word: 'WORKERPOOL',
    split: { field: 'instanceSplits', statuses: 'instanceSplitStatuses', allocation: 'INSTANCE_SPLIT_ALLOCATION_TYPE' },
    masked: true,
    ownFields: [...OUTPUT, ...OF_REVISIONS, 'instanceSplitStatuses', 'threatDetectionEnabled'],
  },
  jobs: {
    plural: 'jobs',
    type: 'Job',
    permissions: 'run.jobs',
    idField: 'jobId',
    word: 'JOB',
    masked: false,
    ownFields: [...OUTPUT, 'executionCount', 'latestCreatedExecution', 'startExecutionToken', 'runExecutionToken'],
  },
};

/** A revision as it was made: never changed but for how it fared. */
export interface Revision {
  /** The short name. */
  readonly name: string;
  readonly uid: string;
  /** The template that it was made of, without `revision`. */
  readonly template: JsonObject;
  /** Microseconds. */
  readonly createdAt: number;
  /** Of the service, when it was made. */
  readonly generation: number;
  readonly state: RevisionState;
}

/** `reason` is one of `Condition.reason`, `revisionReason` one of `Condition.revision_reason`. */
export type RevisionState =
  | { readonly is: 'pending'; readonly readyAt: number }
  | { readonly is: 'ready' }
  | ({ readonly is: 'failed' } & Failure);

export interface Failure {
  readonly message: string;
  readonly reason?: string;
  readonly revisionReason?: string;
  /** `google.rpc.Code` of the operation. */
  readonly code: number;
}

export interface Execution {
  readonly name: string;
  readonly createdAt: number;
  /** When its task is over. */
  readonly endsAt: number;
  /** The task template that it runs. */
  readonly template: JsonObject;
}

/** A service, worker pool or job with everything that hangs on it. Never changed in place. */
export interface Workload {
  readonly kind: Kind;
  /** `projects/<id>/locations/L/services/S`. */
  readonly name: string;
  readonly projectId: string;
  readonly location: string;
  readonly id: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly creator: string;
  readonly lastModifier: string;
  /** Counts what a person wants changed. */
  readonly generation: number;
  /** The last generation that serves. */
  readonly observedGeneration: number;
  /** Counts every write; the etag is made of it. */
  readonly edition: number;
  /** Fields as somebody wants them. */
  readonly wanted: JsonObject;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  /** Where requests go now, which is not always where somebody wants them to go. */
  readonly statuses: readonly JsonObject[];
  readonly executions: readonly Execution[];
  /** How many executions there were. */
  readonly executed: number;
}
