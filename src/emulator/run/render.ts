import type { JsonObject } from '../wire/rest/json-body.ts';
import { utcText } from '../wire/rest/micros.ts';
import { isServable, latestReady } from './traffic.ts';
import type { Execution, Failure, Revision, Workload } from './kinds.ts';

const STATES = {
  pending: 'CONDITION_RECONCILING',
  ready: 'CONDITION_SUCCEEDED',
  failed: 'CONDITION_FAILED',
} as const;

/** A service, worker pool or job as Google shows it at a moment, by which a task is over or not. */
export function workloadJson(workload: Workload, now = workload.updatedAt): JsonObject {
  const { kind, name, uid, wanted, generation, observedGeneration, creator, lastModifier } = workload;
  const [created, ready] = [workload.revisions.at(-1), latestReady(workload)];
  const revisionName = (one: Revision): string => `${name}/revisions/${one.name}`;
  const { split } = kind;
  return {
    name,
    uid,
    generation: String(generation),
    ...wanted,
    createTime: utcText(workload.createdAt),
    updateTime: utcText(workload.updatedAt),
    creator,
    lastModifier,
    launchStage: wanted['launchStage'] ?? 'GA',
    ...(observedGeneration > 0 && { observedGeneration: String(observedGeneration) }),
    terminalCondition: terminalOf(workload),
    ...(split !== undefined && {
      conditions: [
        conditionJson('RoutesReady', routeOf(workload), workload.updatedAt),
        conditionJson('ConfigurationsReady', created?.state ?? { is: 'ready' }, workload.updatedAt),
      ],
      [split.statuses]: workload.statuses,
      ...(ready !== undefined && { latestReadyRevision: revisionName(ready) }),
      ...(created !== undefined && { latestCreatedRevision: revisionName(created) }),
    }),
    ...(kind.plural === 'services' && {
      uri: `https://${workload.id}-${uid.slice(0, 8)}-${workload.location}.a.run.app`,
    }),
    ...(kind.plural === 'jobs' && jobFields(workload, now)),
    ...(isReconciling(workload) && { reconciling: true }),
    etag: etagOf(workload),
  };
}

/** In quotes, as Cloud Run’s are. */
export function etagOf({ uid, edition }: Workload): string {
  return `"${Buffer.from(`${uid.slice(0, 8)}/${edition}`).toString('base64')}"`;
}

type Condition = { readonly is: 'pending' | 'ready' } | ({ readonly is: 'failed' } & Failure);

/** What stands in the way as a whole: the newest revision first, then where requests shall go. */
export function stateOf(workload: Workload): Condition {
  const created = workload.revisions.at(-1)?.state ?? { is: 'ready' as const };
  return created.is === 'ready' ? routeOf(workload) : created;
}

function isReconciling(workload: Workload): boolean {
  return stateOf(workload).is === 'pending';
}

/** A named revision that is not ready keeps the whole where it was. */
function routeOf(workload: Workload): Condition {
  if (workload.kind.split === undefined || isServable(workload)) return { is: 'ready' };
  if (workload.revisions.some(({ state }) => state.is === 'pending')) return { is: 'pending' };
  return {
    is: 'failed',
    code: 9,
    reason: 'REVISION_FAILED',
    message: 'A revision that traffic is wanted for is not ready and cannot serve traffic.',
  };
}

function terminalOf(workload: Workload): JsonObject {
  return conditionJson('Ready', stateOf(workload), workload.updatedAt);
}

/** Successful conditions have no reason (condition.proto). */
function conditionJson(type: string, condition: Condition, at: number): JsonObject {
  return {
    type,
    state: STATES[condition.is],
    lastTransitionTime: utcText(at),
    ...(condition.is === 'failed' && {
      message: condition.message,
      ...(condition.reason !== undefined && { reason: condition.reason }),
      ...(condition.revisionReason !== undefined && { revisionReason: condition.revisionReason }),
    }),
  };
}

export function revisionJson(workload: Workload, revision: Revision): JsonObject {
  const { template, state, createdAt, name, uid, generation } = revision;
  return {
    name: `${workload.name}/revisions/${name}`,
    uid,
    generation: '1',
    ...template,
    createTime: utcText(createdAt),
    updateTime: utcText(createdAt),
    service: workload.id,
    conditions: [conditionJson('Ready', state, createdAt)],
    observedGeneration: '1',
    reconciling: state.is === 'pending',
    launchStage: 'GA',
    etag: `"${Buffer.from(`${name}/${generation}`).toString('base64')}"`,
  };
}

export function executionJson(workload: Workload, { name, createdAt, endsAt, template }: Execution, now: number) {
  const isOver = endsAt <= now;
  return {
    name: `${workload.name}/executions/${name}`,
    job: workload.id,
    createTime: utcText(createdAt),
    startTime: utcText(createdAt),
    ...(isOver && { completionTime: utcText(endsAt) }),
    parallelism: 1,
    taskCount: 1,
    template,
    ...(isOver ? { succeededCount: 1 } : { runningCount: 1, reconciling: true }),
  };
}

function jobFields({ name, executions, executed }: Workload, now: number): JsonObject {
  const newest = executions.at(-1);
  return {
    executionCount: executed,
    ...(newest !== undefined && {
      latestCreatedExecution: {
        name: `${name}/executions/${newest.name}`,
        createTime: utcText(newest.createdAt),
        ...(newest.endsAt <= now && {
          completionTime: utcText(newest.endsAt),
          completionStatus: 'EXECUTION_SUCCEEDED',
        }),
      },
    }),
  };
}
