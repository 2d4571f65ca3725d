import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { isSame, masked } from './mask.ts';
import { etagOf } from './render.ts';
import { RESOURCES } from './messages.ts';
import { innermost } from './references.ts';
import { requireSplit } from './traffic.ts';
import type { Kind, Revision, Workload } from './kinds.ts';

/** What a write needs besides what was sent. */
export interface Moment {
  /** Microseconds. */
  readonly at: number;
  readonly uuid: () => string;
  /** When a revision that is made now has been started. */
  readonly readyAt: number;
  /** Email of whoever writes. */
  readonly by: string;
}

/** Labels and annotations of these are Google’s own (service.proto). */
const RESERVED =
  /(?:^|\.)(?:run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** A new one, with its first revision. */
export function made(
  place: Pick<Workload, 'kind' | 'name' | 'projectId' | 'location' | 'id'>,
  sent: JsonObject,
  moment: Moment,
): Workload {
  const wanted = requireTemplate(masked(place.kind, {}, requireBody(place.kind, sent), ''));
  const fresh: Workload = {
    ...place,
    uid: moment.uuid(),
    createdAt: moment.at,
    updatedAt: moment.at,
    creator: moment.by,
    lastModifier: moment.by,
    generation: 1,
    observedGeneration: 0,
    edition: 1,
    wanted,
    revisions: [],
    statuses: [],
    executions: [],
    executed: 0,
  };
  return withRevision(fresh, moment, true);
}

/** What a PATCH makes of it. ABORTED under an etag that is no longer its own; the wording is not settled. */
export function changed(
  before: Workload,
  sent: JsonObject,
  asked: { readonly mask: string; readonly force: boolean },
  moment: Moment,
): Workload {
  const body = requireBody(before.kind, sent);
  if (typeof body['etag'] === 'string' && body['etag'] !== '' && body['etag'] !== etagOf(before))
    throw new ApiError(
      'ABORTED',
      `Conflict for resource '${before.id}': version '${body['etag']}' was specified but current version is '${etagOf(before)}'.`,
    );
  const wanted = requireTemplate(masked(before.kind, before.wanted, body, asked.mask));
  const after: Workload = {
    ...before,
    wanted,
    updatedAt: moment.at,
    lastModifier: moment.by,
    generation: isSame(before.wanted, wanted) && !asked.force ? before.generation : before.generation + 1,
    edition: before.edition + 1,
  };
  return withRevision(after, moment, asked.force);
}

/** A revision more where the template differs from the newest one’s, or one is asked for. */
function withRevision(workload: Workload, moment: Moment, force: boolean): Workload {
  if (workload.kind.split === undefined) return workload;
  const { revision: asked, ...template } = templateOf(workload);
  const newest = workload.revisions.at(-1);
  const isNew = force || newest === undefined || !isSame(newest.template, template);
  const named = typeof asked === 'string' && asked !== '' ? asked : undefined;
  // Also a change of traffic alone is refused while the template keeps the name of a revision (google-cloud-python#14259, #11870).
  if (named !== undefined && workload.revisions.some(({ name }) => name === named))
    throw new ApiError('ALREADY_EXISTS', `Revision named '${named}' with different configuration already exists.`);
  if (!isNew && named === undefined) {
    requireSplit(workload);
    return workload;
  }
  const uid = moment.uuid();
  const revision: Revision = {
    name: named ?? `${workload.id}-${String(workload.revisions.length + 1).padStart(5, '0')}-${uid.slice(0, 3)}`,
    uid,
    template,
    createdAt: moment.at,
    generation: workload.generation,
    state: { is: 'pending', readyAt: moment.readyAt },
  };
  const after = { ...workload, revisions: [...workload.revisions, revision] };
  requireSplit(after);
  return after;
}

export function templateOf({ wanted }: Pick<Workload, 'wanted'>): JsonObject {
  return isJsonObject(wanted['template']) ? wanted['template'] : {};
}

/** Names are in lowerCamelCase afterwards. */
function requireBody(kind: Kind, sent: JsonObject): JsonObject {
  return readRoot(RESOURCES[kind.plural], sent);
}

function requireTemplate(wanted: JsonObject): JsonObject {
  const template = templateOf({ wanted });
  const { containers } = innermost(template);
  if (!Array.isArray(containers) || containers.length === 0)
    throw violation('template.containers', 'must contain at least one container.');
  for (const part of [wanted, template])
    for (const field of ['labels', 'annotations'])
      for (const name of Object.keys(isJsonObject(part[field]) ? part[field] : {}))
        if (RESERVED.test(name)) throw violation(field, `${name} is of a system namespace.`);
  return wanted;
}

/** The wording is not settled. */
function violation(field: string, description: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Violation in the request: ${field}: ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);
}
