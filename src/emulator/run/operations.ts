import type { Request } from '../wire/http.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import type { Iam } from '../world/iam.ts';
import type { LongOperations } from '../world/long-operations.ts';
import type { ProjectNames } from '../world/names.ts';
import { missing, paged } from './calls.ts';
import { stateOf, workloadJson } from './render.ts';
import type { Failure, Kind, Workload } from './kinds.ts';

const OPERATION = /^\/v2\/(projects\/([^/:]+)\/locations\/([^/:]+))\/operations(?:\/([^/:]+))?(:wait)?$/;

export interface OperationParts {
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly operations: LongOperations;
}

/** Operations of Cloud Run and of Cloud Functions, which stand at one path; `undefined` for any other path. A wait does not wait. */
export function operationAnswer(parts: OperationParts, request: Request): JsonObject | undefined {
  const [found, parent = '', project = '', location = '', id, wait] = OPERATION.exec(request.path) ?? [];
  if (found === undefined) return undefined;
  const caller = parts.iam.callerOf(request.headers['authorization']);
  parts.iam.require(caller, 'run.operations.get', { project, name: parent });
  const place = `projects/${parts.names.idOf(project)}/locations/${location}`;
  if (id === undefined) return paged(request, 'operations', parts.operations.listed(place), (one) => one);
  if ((wait === undefined) !== (request.method === 'GET')) throw missing('OPERATION', id, { location, project });
  return parts.operations.shown(`${place}/operations/${id}`);
}

/**
 * An operation over a write: it is over when the revision of that write serves or has failed; a failure does not undo the write.
 * `refused` is a failure that was known at once.
 */
export function writeOperation(operations: LongOperations, present: () => Workload, refused?: Failure): JsonObject {
  const { kind, name, generation } = present();
  const shown = (): JsonObject => typed(kind, workloadJson(present()));
  return operations.begin(name.split(`/${kind.plural}/`)[0] ?? '', shown, () => {
    const own = present().revisions.findLast((one) => one.generation <= generation)?.state;
    if (own?.is === 'pending') return undefined;
    const state = stateOf(present());
    const failure = refused ?? (own?.is === 'failed' ? own : state.is === 'failed' ? state : undefined);
    return failure === undefined ? { response: shown() } : { code: failure.code, message: failure.message };
  });
}

function typed({ type }: Kind, json: JsonObject): JsonObject {
  return { '@type': `type.googleapis.com/google.cloud.run.v2.${type}`, ...json };
}
