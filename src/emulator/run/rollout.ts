import { ApiError } from '../wire/api-error.ts';
import { accountOf, innermost, referencesIn } from './references.ts';
import { stateOf } from './render.ts';
import { isServable, latestReady, statusesOf, targetOf, wantedTargets } from './traffic.ts';
import { templateOf } from './writes.ts';
import type { Serving } from '../world/serving.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import type { Failure, Revision, Workload } from './kinds.ts';

/** What starting an instance asks of the rest of the cloud. */
export interface Start {
  readonly projectNumber: string;
  /** Throws `ApiError` where the account cannot read the version. */
  readonly read: (account: string, version: string) => void;
  /** A failure that somebody planned for this revision. */
  readonly planned: (workload: Workload, revision: Revision) => Failure | undefined;
}

/** The workload with what is due by `at` (microseconds) done: revisions that started or failed to, and traffic moved. */
export function rolledOut(workload: Workload, at: number, start: Start): Workload {
  const revisions = workload.revisions.map((revision): Revision => {
    if (revision.state.is !== 'pending' || revision.state.readyAt > at) return revision;
    const failure =
      start.planned(workload, revision) ?? refusedSecret(revision.name, revision.template, workload, start);
    return { ...revision, state: failure === undefined ? { is: 'ready' } : { is: 'failed', ...failure } };
  });
  const after = { ...workload, revisions };
  const state = stateOf(after).is;
  if (after.revisions.some((one) => one.state.is === 'pending')) return after;
  return {
    ...after,
    ...(isServable(after) && { statuses: statusesOf(after.kind, wantedTargets(after)) }),
    ...(state === 'ready' && { observedGeneration: after.generation }),
  };
}

/**
 * Each secret that is named is read with the account of the revision before it serves. Google’s sentence
 * (terraform-docs-samples#168, BasedHardware/omi#9164); that of a disabled version is not settled. Its operation has the code
 * 13 (sourcegraph-public-snapshot#59045).
 */
function refusedSecret(
  name: string,
  template: JsonObject,
  { projectId }: Workload,
  { read, projectNumber }: Start,
): Failure | undefined {
  const account = accountOf(template, projectNumber);
  for (const { version, field } of referencesIn(template, projectId)) {
    try {
      read(account, version);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const message = `Revision '${name}' is not ready and cannot serve traffic. ${field}: ${said(error, version, account)}`;
      return { code: 13, reason: 'SECRETS_ACCESS_CHECK_FAILED', message };
    }
  }
  return undefined;
}

function said(error: ApiError, version: string, account: string): string {
  if (error.status === 'PERMISSION_DENIED')
    return (
      `Permission denied on secret: ${version} for Revision service account ${account}. The service account used must be ` +
      "granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or " +
      'higher level.'
    );
  if (error.status === 'NOT_FOUND') return `Secret ${version} was not found`;
  return error.message;
}

/** Why a job cannot run as it stands: it is checked when it is written, too. */
export function refusedJob(workload: Workload, start: Start): Failure | undefined {
  return refusedSecret(workload.id, innermost(templateOf(workload)), workload, start);
}

/** What instances are started of now, by `trafficStatuses`: not by what somebody wants. */
export function servingOf(workload: Workload, projectNumber: string): readonly Serving[] {
  const of = (revision: string, share: number, template: JsonObject): Serving => ({
    revision,
    share,
    account: accountOf(template, projectNumber),
    reads: referencesIn(template, workload.projectId).map(({ by, at, version }) => ({ by, at, version })),
  });
  if (workload.kind.split === undefined) return [of(workload.id, 100, innermost(templateOf(workload)))];
  return workload.statuses.map(targetOf).flatMap(({ revision, percent }) => {
    const found =
      revision === undefined ? latestReady(workload) : workload.revisions.find(({ name }) => name === revision);
    return found === undefined || percent === 0 ? [] : [of(found.name, percent, found.template)];
  });
}
