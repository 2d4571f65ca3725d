import { ApiError } from '../wire/api-error.ts';
import type { Request, Service } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { maskedOver } from '../wire/rest/masked.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot, text } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import type { Asset } from '../world/asset.ts';
import { requireActAs } from '../world/act-as.ts';
import type { Accounts } from '../world/accounts.ts';
import { microsOf, type MovableClock } from '../world/clock.ts';
import type { Iam } from '../world/iam.ts';
import type { LongOperations } from '../world/long-operations.ts';
import type { ProjectNames } from '../world/names.ts';
import type { Serving } from '../world/serving.ts';
import { buildFloor, type Builds } from './builds.ts';
import {
  assetsOf,
  configOf,
  defaultAccountOf,
  functionJson,
  metadataOf,
  runNameOf,
  type Deployed,
} from './deployed.ts';
import { functionMessage } from './messages.ts';
import { mountsOf } from './on-run.ts';

export interface FunctionsParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly accounts: Pick<Accounts, 'bindingsOf'>;
  readonly operations: LongOperations;
  readonly uuid: () => string;
  /** Cloud Run beneath functions of the second generation. */
  readonly run: {
    deploy(name: string, service: JsonObject): void;
    shown(name: string): JsonObject | undefined;
    remove(name: string): void;
  };
  /** Functions that `POST resources` put: shown as they are. */
  readonly kept: { at(path: string): JsonObject | undefined; below(path: string): readonly JsonObject[] };
}

/** Cloud Functions v2, and what tests may do besides calling it. */
export interface CloudFunctions extends Service, Pick<Builds, 'setPace' | 'planFailure'> {
  /** Regions that a list over all of them does not reach. */
  setUnreachable(regions: readonly string[]): void;
  /** What instances of a function of the first generation are started of; `undefined` for any other. */
  serving(name: string): readonly Serving[] | undefined;
  /** What Cloud Asset Inventory knows of it: one of the first generation under two types. */
  assets(): readonly Asset[];
  replay(): readonly (readonly [call: string, body: unknown])[];
  settle(now: number): void;
}

const ROUTE = /^\/v2\/projects\/([^/:]+)\/locations\/([^/:]+)\/functions(?:\/([^/:]+))?$/;
const OUTPUT = ['name', 'state', 'updateTime', 'stateMessages', 'url', 'createTime', 'satisfiesPzs', 'upgradeInfo'];
const PAGES = { usual: 1000, most: 1000 };
const ID = /^[A-Za-z](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

const listRequest = message('google.cloud.functions.v2.ListFunctionsRequest', {
  ...PAGE_FIELDS,
  filter: text,
  orderBy: text,
});

/** Functions of both generations. A second-generation one is rebuilt by every PATCH, and deployed to Cloud Run then. */
export function cloudFunctions(parts: FunctionsParts): CloudFunctions {
  const builds = buildFloor(parts);
  let unreachable: readonly string[] = [];

  return {
    title: 'Cloud Functions',
    setPace: builds.setPace,
    planFailure: builds.planFailure,
    setUnreachable(regions) {
      unreachable = regions;
    },
    serving(name) {
      const one = builds.get(name);
      if (one?.generation !== 'GEN_1') return undefined;
      const [, project = ''] = one.name.split('/');
      const account = one.running.serviceAccountEmail ?? `${project}@appspot.gserviceaccount.com`;
      return [{ revision: String(one.builds), share: 100, account, reads: mountsOf(one.running) }];
    },
    assets: () => builds.all().flatMap(assetsOf),
    replay: () =>
      builds
        .all()
        .map(({ name, wanted, generation }) => [
          `POST /v2/${name.replace(/\/([^/]+)$/, '?functionId=$1')}`,
          { ...wanted, environment: generation },
        ]),
    settle: (now) => builds.settle(now * 1000),
    answer(request) {
      const [found, project = '', location = '', id] = ROUTE.exec(request.path) ?? [];
      if (found === undefined) return undefined;
      const parent = `projects/${parts.names.idOf(project)}/locations/${location}`;
      const body = answerTo(request, { parent, project, location, id, name: `${parent}/functions/${id ?? ''}` });
      return body && { status: 200, body };
    },
  };

  function answerTo(request: Request, call: Call): JsonObject | undefined {
    switch (`${request.method} ${call.id === undefined ? 'all' : 'one'}`) {
      case 'GET all':
        allow(request, call, 'list');
        return listed(request, call);
      case 'POST all':
        allow(request, call, 'create');
        return create(request, call);
      case 'GET one':
        allow(request, call, 'get');
        queryFields(request.query, ['revision']);
        return parts.kept.at(`/v2/${call.name}`) ?? shown(existing(call));
      case 'PATCH one':
        allow(request, call, 'update');
        return patch(request, call);
      case 'DELETE one': {
        allow(request, call, 'delete');
        const gone = existing(call);
        builds.remove(gone.name);
        parts.run.remove(runNameOf(gone.name));
        return parts.operations.begin(
          call.parent,
          () => metadataOf(gone, 'delete'),
          () => ({ response: {} }),
        );
      }
      default:
        return undefined;
    }
  }

  /** `-` stands for all regions here, and those that cannot be reached are named. */
  function listed(request: Request, { parent, location, project }: Call): JsonObject {
    const { filter = '', ...wish } = readRoot(
      listRequest,
      queryFields(request.query, ['pageSize', 'pageToken', 'filter', 'orderBy']),
    );
    const all = location === '-';
    const [, wantedEnvironment] = /^environment\s*=\s*"?(GEN_[12])"?$/.exec(filter) ?? [];
    if (filter !== '' && wantedEnvironment === undefined)
      throw new ApiError('UNIMPLEMENTED', 'This filter is not implemented by the pretend cloud.');
    const id = parts.names.idOf(project);
    const own = builds
      .all()
      .filter(({ name }) => name.startsWith(all ? `projects/${id}/` : `${parent}/`))
      .filter(({ name }) => !all || !unreachable.some((region) => name.includes(`/locations/${region}/`)))
      .filter(({ generation }) => wantedEnvironment === undefined || generation === wantedEnvironment)
      .map(shown);
    const kept = all
      ? parts.kept.below(`/v2/projects/${id}/locations/*/functions`)
      : parts.kept.below(`/v2/${parent}/functions`);
    const { items, ...next } = pageOf([...own, ...kept], wish, PAGES);
    return {
      ...(items.length > 0 && { functions: items }),
      ...next,
      ...(all && unreachable.length > 0 && { unreachable }),
    };
  }

  function create(request: Request, call: Call): JsonObject {
    const id = queryFields(request.query, ['functionId'])['functionId'] ?? '';
    if (!ID.test(id)) throw new ApiError('INVALID_ARGUMENT', `Function name ${id} is invalid.`);
    const name = `${call.parent}/functions/${id}`;
    if (builds.get(name) !== undefined) throw new ApiError('ALREADY_EXISTS', `Resource '${name}' already exists`);
    const body = sentIn(request);
    const generation = body['environment'] === 'GEN_1' ? 'GEN_1' : 'GEN_2';
    const at = microsOf(parts.clock);
    const fresh: Deployed = {
      name,
      generation,
      createdAt: at,
      updatedAt: at,
      wanted: body,
      running: {},
      builds: 0,
      state: 'DEPLOYING',
    };
    return begin(request, call, fresh, 'create');
  }

  /** Without a mask all fields are replaced (functions.proto): `environmentVariables` that were not sent are gone then. */
  function patch(request: Request, call: Call): JsonObject {
    const { updateMask = '' } = queryFields(request.query, ['updateMask']);
    const before = existing(call);
    if (before.state === 'DEPLOYING')
      throw new ApiError('ABORTED', `unable to queue the operation: another one is running for ${before.name}`);
    const body = sentIn(request);
    const wanted = maskedOver(before.wanted, body, updateMask);
    return begin(request, call, { ...before, wanted, updatedAt: microsOf(parts.clock), state: 'DEPLOYING' }, 'update');
  }

  function begin(request: Request, call: Call, one: Deployed, verb: string): JsonObject {
    const account = configOf(one).serviceAccountEmail ?? defaultAccountOf(parts.names.numberOf(call.project));
    requireActAs(parts, parts.iam.callerOf(request.headers['authorization']), account, call.project);
    builds.begin(one);
    const present = (): Deployed => builds.get(one.name) ?? one;
    const { builds: before } = one;
    return parts.operations.begin(
      call.parent,
      () => metadataOf(present(), verb),
      () => {
        const now = present();
        if (now.builds === before) return undefined;
        if (now.trouble !== undefined) return { code: 3, message: now.trouble };
        return { response: { '@type': 'type.googleapis.com/google.cloud.functions.v2.Function', ...shown(now) } };
      },
    );
  }

  function shown(one: Deployed): JsonObject {
    const service = one.generation === 'GEN_2' ? parts.run.shown(runNameOf(one.name)) : undefined;
    const [, project = ''] = one.name.split('/');
    return functionJson(one, defaultAccountOf(parts.names.numberOf(project)), service);
  }

  function existing({ name }: Call): Deployed {
    const one = builds.get(name);
    if (one === undefined) throw new ApiError('NOT_FOUND', `Resource '${name}' was not found`);
    return one;
  }

  function allow(request: Request, { project }: Call, verb: string): void {
    parts.iam.require(parts.iam.callerOf(request.headers['authorization']), `cloudfunctions.functions.${verb}`, {
      project,
      name: request.path.slice('/v2/'.length),
    });
  }
}

interface Call {
  /** `projects/<id>/locations/L`. */
  readonly parent: string;
  /** As sent. */
  readonly project: string;
  readonly location: string;
  readonly id: string | undefined;
  readonly name: string;
}

function sentIn(request: Request): JsonObject {
  const body: JsonObject = readRoot(functionMessage, jsonObjectOf(request.body));
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OUTPUT.includes(field)));
}
