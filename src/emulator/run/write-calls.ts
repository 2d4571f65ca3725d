import { ApiError } from '../wire/api-error.ts';
import type { Request } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { flag, message, readRoot, text } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import { requireActAs } from '../world/act-as.ts';
import type { Accounts } from '../world/accounts.ts';
import { microsOf, type MovableClock } from '../world/clock.ts';
import type { Board } from './board.ts';
import { missing, requireRegion, type Call } from './calls.ts';
import { KINDS, type Plural, type Workload } from './kinds.ts';
import { writeOperation, type OperationParts } from './operations.ts';
import { accountOf, innermost } from './references.ts';
import { executionJson } from './render.ts';
import { refusedJob } from './rollout.ts';
import { changed, made, templateOf } from './writes.ts';

export interface WriteParts extends OperationParts {
  readonly clock: MovableClock;
  readonly accounts: Pick<Accounts, 'bindingsOf'>;
  readonly board: Board;
  /** Throws unless whoever calls holds a permission, such as `run.services.update`. */
  readonly allow: (request: Request, call: Call, permission: string) => void;
}

const ID = /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/;
const TASK_MS = 10 * 60_000;

const writeRequest = message('google.cloud.run.v2.UpdateServiceRequest', {
  updateMask: text,
  validateOnly: flag,
  allowMissing: flag,
  forceNewRevision: flag,
});

export function created(parts: WriteParts, request: Request, call: Call): JsonObject {
  const { kind, parent } = call;
  parts.allow(request, call, `${kind.permissions}.create`);
  requireRegion(call);
  const query = queryFields(request.query, [kind.idField, 'validateOnly']);
  const id = query[kind.idField] ?? '';
  if (!ID.test(id)) throw new ApiError('INVALID_ARGUMENT', `${kind.idField} must be a name of at most 49 letters.`);
  const name = `${parent}/${kind.plural}/${id}`;
  if (parts.board.get(name) !== undefined) throw new ApiError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
  const body = jsonObjectOf(request.body);
  const fresh = made(
    placeOf(parts.board.canonical(name), kind.plural),
    body,
    parts.board.moment(whoIn(parts, request)),
  );
  return written(parts, request, fresh, { isTrial: query['validateOnly'] === 'true', body });
}

export function patched(parts: WriteParts, request: Request, call: Call): JsonObject {
  const { kind } = call;
  const masks = kind.masked ? ['updateMask', 'forceNewRevision'] : [];
  const query = readRoot(writeRequest, queryFields(request.query, ['validateOnly', 'allowMissing', ...masks]));
  const { updateMask = '', validateOnly: isTrial = false, allowMissing = false, forceNewRevision = false } = query;
  parts.allow(request, call, `${kind.permissions}.update`);
  const body = jsonObjectOf(request.body);
  const before = parts.board.get(call.name);
  const moment = parts.board.moment(whoIn(parts, request));
  if (before === undefined) {
    if (!allowMissing) throw missing(kind.word, call.id, call);
    parts.allow(request, call, `${kind.permissions}.create`);
    return written(parts, request, made(placeOf(call.name, kind.plural), body, moment), { isTrial, body });
  }
  const after = changed(before, body, { mask: updateMask, force: forceNewRevision }, moment);
  return written(parts, request, after, { isTrial, body });
}

/** Whoever writes it must be able to act as its account, also one that is not changed. */
function written(
  { board, ...parts }: WriteParts,
  request: Request,
  workload: Workload,
  { isTrial, body }: { readonly isTrial: boolean; readonly body: JsonObject },
): JsonObject {
  const account = accountOf(innermost(templateOf(workload)), parts.names.numberOf(workload.projectId));
  requireActAs(parts, parts.iam.callerOf(request.headers['authorization']), account, workload.projectId);
  if (isTrial) return writeOperation(parts.operations, () => workload);
  const isJob = workload.kind.plural === 'jobs';
  const refused = isJob ? (board.planned(workload.name) ?? refusedJob(workload, board.startOf(workload))) : undefined;
  const kept = board.keep(workload);
  const tokens = [body['startExecutionToken'], body['runExecutionToken']];
  if (isJob && refused === undefined && tokens.some((token) => typeof token === 'string' && token !== ''))
    board.begin(kept, parts.clock.now() + TASK_MS);
  return writeOperation(parts.operations, () => board.get(kept.name) ?? kept, refused);
}

/** Begins an execution of a job; its operation is over when the task is. */
export function executed({ board, ...parts }: WriteParts, job: Workload, parent: string): JsonObject {
  const after = board.begin(job, parts.clock.now() + TASK_MS);
  const execution = after.executions.at(-1);
  if (execution === undefined) throw new ApiError('INTERNAL', 'An execution that was begun is not there.');
  const shown = (): JsonObject => ({
    '@type': 'type.googleapis.com/google.cloud.run.v2.Execution',
    ...executionJson(after, execution, microsOf(parts.clock)),
  });
  return parts.operations.begin(parent, shown, () =>
    execution.endsAt <= microsOf(parts.clock) ? { response: shown() } : undefined,
  );
}

/** What a full name says of a new one. */
export function placeOf(name: string, plural: Plural): Parameters<typeof made>[0] {
  const [, projectId = '', , location = '', , id = ''] = name.split('/');
  return { kind: KINDS[plural], name, projectId, location, id };
}

function whoIn({ iam }: WriteParts, { headers }: Request): string {
  return iam.callerOf(headers['authorization']).email ?? 'owner@example.com';
}
