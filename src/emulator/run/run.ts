import type { Reply, Request, Service } from '../wire/http.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { queryFields } from '../wire/rest/query.ts';
import { microsOf } from '../world/clock.ts';
import type { Asset } from '../world/asset.ts';
import { REGIONS } from '../world/regions.ts';
import type { Serving } from '../world/serving.ts';
import { runBoard, type BoardParts } from './board.ts';
import { callIn, missing, paged, requireRegion, type Call } from './calls.ts';
import type { Failure, Workload } from './kinds.ts';
import { operationAnswer, writeOperation } from './operations.ts';
import { executionJson, revisionJson, workloadJson } from './render.ts';
import { servingOf } from './rollout.ts';
import { created, executed, patched, placeOf, type WriteParts } from './write-calls.ts';
import { answerInV1 } from './v1/face.ts';
import { changed, made } from './writes.ts';

export interface RunParts extends BoardParts, Omit<WriteParts, 'allow' | 'board'> {
  /** Services that `POST resources` put: shown as they are. */
  readonly kept: { at(path: string): JsonObject | undefined; below(path: string): readonly JsonObject[] };
}

/** Cloud Run’s Admin API v2, with v1 as another form of it, and what its neighbours and tests may do besides calling it. */
export interface CloudRun extends Service {
  /** Milliseconds until a revision that is made from now on has been started; none at first. */
  setPace(readyMs: number): void;
  /** Lets the next revisions of a service or worker pool fail, or the next writes of a job. */
  plan(name: string, failure: Failure, times: number): void;
  /** What instances of it are started of; `undefined` for a name that is none of Cloud Run’s. */
  serving(name: string): readonly Serving[] | undefined;
  /** A task of a job began, and is over at a moment in milliseconds. */
  executed(name: string, endsAt: number): void;
  /** The owner’s own write, for the functions above it: makes the service, or replaces it. */
  deploy(name: string, service: JsonObject): void;
  /** As Google shows it. */
  shown(name: string): JsonObject | undefined;
  remove(name: string): void;
  /** What Cloud Asset Inventory knows of it. */
  assets(): readonly Asset[];
  /** The calls that make everything again. */
  replay(): readonly (readonly [call: string, body: unknown])[];
  settle(now: number): void;
}

const LOCATIONS = /^\/v1\/projects\/([^/:]+)\/locations$/;

/** Services, worker pools and jobs of Cloud Run, their revisions and executions, as the clock brings them about. */
export function cloudRun(parts: RunParts): CloudRun {
  const board = runBoard(parts);
  const allow: WriteParts['allow'] = (request, { project }, permission) =>
    parts.iam.require(parts.iam.callerOf(request.headers['authorization']), permission, {
      project,
      name: request.path.slice('/v2/'.length),
    });
  const writing: WriteParts = { ...parts, board, allow };

  return {
    title: 'Cloud Run',
    setPace: board.setPace,
    plan: board.plan,
    serving(name) {
      const workload = board.get(name);
      return workload && servingOf(workload, parts.names.numberOf(workload.projectId));
    },
    executed(name, endsAt) {
      const workload = board.get(name);
      if (workload?.kind.plural === 'jobs') board.begin(workload, endsAt);
    },
    deploy(name, service) {
      const [before, moment] = [board.get(name), board.moment('cloudfunctions')];
      if (before !== undefined) board.keep(changed(before, service, { mask: '', force: false }, moment));
      else board.keep(made(placeOf(board.canonical(name), 'services'), service, moment));
    },
    shown(name) {
      const workload = board.get(name);
      return workload && workloadJson(workload);
    },
    remove: board.remove,
    assets: () =>
      board.all().map(({ kind, name, projectId, location, createdAt, wanted }) => ({
        type: `run.googleapis.com/${kind.type}`,
        name,
        project: projectId,
        location,
        createdAt,
        labels: wanted['labels'],
      })),
    replay: () =>
      board
        .all()
        .filter(({ wanted }) => !isOfFunction(wanted))
        .map(replayOf),
    settle: board.settle,
    answer(request) {
      const body =
        regions(request) ??
        operationAnswer(parts, request) ??
        answerTo(request) ??
        answerInV1({ names: parts.names, v2: answerTo }, request);
      return body && ({ status: 200, body } satisfies Reply);
    },
  };

  function answerTo(request: Request): JsonObject | undefined {
    const call = callIn(request, parts.names);
    if (call === undefined) return undefined;
    const { kind, name, parent, item } = call;
    switch (call.what) {
      case 'GET all:':
        return listed(request, call);
      case 'POST all:':
        return created(writing, request, call);
      case 'GET one:': {
        allow(request, call, `${kind.permissions}.get`);
        queryFields(request.query, []);
        const kept = board.get(name) === undefined ? parts.kept.at(`/v2/${name}`) : undefined;
        return kept ?? workloadJson(existing(call), microsOf(parts.clock));
      }
      case 'PATCH one:':
        return patched(writing, request, call);
      case 'DELETE one:': {
        allow(request, call, `${kind.permissions}.delete`);
        queryFields(request.query, ['validateOnly', 'etag']);
        const workload = existing(call);
        board.remove(name);
        return writeOperation(parts.operations, () => workload);
      }
      case 'GET one/revisions:':
        allow(request, call, 'run.revisions.list');
        return paged(request, 'revisions', existing(call).revisions.toReversed(), (one) =>
          revisionJson(existing(call), one),
        );
      case 'GET one/revisions/one:': {
        allow(request, call, 'run.revisions.get');
        const revision = existing(call).revisions.find((one) => one.name === item);
        if (revision === undefined) throw missing('REVISION', item, call);
        return revisionJson(existing(call), revision);
      }
      case 'GET one/executions:':
        allow(request, call, 'run.executions.list');
        return paged(request, 'executions', existing(call).executions.toReversed(), (one) =>
          executionJson(existing(call), one, microsOf(parts.clock)),
        );
      case 'POST one:run':
        allow(request, call, 'run.jobs.run');
        return executed(writing, existing(call), parent);
      default:
        return undefined;
    }
  }

  function listed(request: Request, call: Call): JsonObject {
    const { kind, parent } = call;
    allow(request, call, `${kind.permissions}.list`);
    requireRegion(call);
    const own = board.all().filter(({ name }) => name.startsWith(`${parent}/${kind.plural}/`));
    const kept = parts.kept.below(`/v2/${parent}/${kind.plural}`);
    return paged(
      request,
      kind.plural,
      [...own.map((one) => workloadJson(one, microsOf(parts.clock))), ...kept],
      (one) => one,
    );
  }

  /**
   * Cloud Run’s regions stand at a path that Secret Manager’s own host has too: who may list only the one is shown it. Which
   * regions Cloud Run has is taken to be the same.
   */
  function regions({ method, path, headers }: Request): JsonObject | undefined {
    const [found, project = ''] = LOCATIONS.exec(path) ?? [];
    if (found === undefined || method !== 'GET') return undefined;
    const caller = parts.iam.callerOf(headers['authorization']);
    const holds = (permission: string): boolean => parts.iam.holds(caller, permission, { project, name: '' });
    if (holds('secretmanager.locations.list') || !holds('run.locations.list')) return undefined;
    const id = parts.names.idOf(project);
    return {
      locations: REGIONS.map((locationId) => ({ name: `projects/${id}/locations/${locationId}`, locationId })),
    };
  }

  function existing(call: Call): Workload {
    const workload = board.get(call.name);
    if (workload === undefined) throw missing(call.kind.word, call.id, call);
    return workload;
  }
}

/** Made again by its function. */
function isOfFunction({ labels }: JsonObject): boolean {
  return isJsonObject(labels) && labels['goog-managed-by'] === 'cloudfunctions';
}

/** Where its traffic goes is not in it: revisions get other names. */
function replayOf({ kind, name, id, wanted }: Workload): readonly [call: string, body: unknown] {
  const { traffic: _, instanceSplits: __, ...rest } = wanted;
  return [`POST /v2/${name.slice(0, name.lastIndexOf('/'))}?${kind.idField}=${id}`, rest];
}
