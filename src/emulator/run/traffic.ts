import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import type { Kind, Revision, Workload } from './kinds.ts';

/** One target of traffic or of instances. Without a revision it is the latest one that is ready. */
export interface Target {
  readonly revision: string | undefined;
  readonly percent: number;
  readonly tag: string | undefined;
}

/** What somebody wants; nothing is all for the latest (traffic_target.proto). */
export function wantedTargets({ kind, wanted }: Pick<Workload, 'kind' | 'wanted'>): readonly Target[] {
  const { split } = kind;
  const list = split === undefined ? undefined : wanted[split.field];
  const targets = Array.isArray(list) ? list.filter(isJsonObject).map(targetOf) : [];
  return targets.length === 0 ? [{ revision: undefined, percent: 100, tag: undefined }] : targets;
}

export function targetOf({ revision, percent, tag }: JsonObject): Target {
  return {
    revision: typeof revision === 'string' && revision !== '' ? revision : undefined,
    percent: typeof percent === 'number' ? percent : 0,
    tag: typeof tag === 'string' && tag !== '' ? tag : undefined,
  };
}

/** What Google refuses of a split. The wording is not settled. */
export function requireSplit(workload: Workload): void {
  const targets = wantedTargets(workload);
  const total = targets.reduce((sum, { percent }) => sum + percent, 0);
  if (total !== 100)
    throw new ApiError('INVALID_ARGUMENT', `Traffic targets must sum to 100 percent, and these sum to ${total}.`);
  for (const { revision } of targets)
    if (revision !== undefined && !workload.revisions.some(({ name }) => name === revision))
      throw new ApiError('INVALID_ARGUMENT', `Revision '${revision}' is not found.`);
}

/** As `trafficStatuses` says it: the latest one bears no name. */
export function statusesOf(kind: Kind, targets: readonly Target[]): readonly JsonObject[] {
  return targets.map(({ revision, percent, tag }) => ({
    type: `${kind.split?.allocation ?? ''}_${revision === undefined ? 'LATEST' : 'REVISION'}`,
    ...(revision !== undefined && { revision }),
    ...(percent > 0 && { percent }),
    ...(tag !== undefined && { tag }),
  }));
}

export function latestReady({ revisions }: Workload): Revision | undefined {
  return revisions.findLast(({ state }) => state.is === 'ready');
}

/** Targets that can serve: all of those that are named are ready. A split with one that is not changes nothing. */
export function isServable(workload: Workload): boolean {
  const ready = new Set(workload.revisions.filter(({ state }) => state.is === 'ready').map(({ name }) => name));
  return wantedTargets(workload).every(({ revision }) =>
    revision === undefined ? latestReady(workload) !== undefined : ready.has(revision),
  );
}
