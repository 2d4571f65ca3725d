import { ApiError } from '../wire/api-error.ts';
import type { Request, Service } from '../wire/http.ts';
import { notServed } from '../wire/not-served.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot, text } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import type { Asset } from '../world/asset.ts';
import { microsOf, type MovableClock } from '../world/clock.ts';
import { isScope, type Hierarchy } from '../world/hierarchy.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import { assetJson } from './asset-json.ts';

export interface AssetsParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly hierarchy: Hierarchy;
  /** Everything there is now. */
  readonly held: () => readonly Asset[];
}

/** Cloud Asset Inventory, which tells late what was made. */
export interface Assets extends Service {
  /** So many milliseconds after it was made a resource is found; at once at first. */
  setLag(milliseconds: number): void;
}

const ROUTE = /^\/v1\/((?:projects|folders|organizations)\/[^/:]+):searchAllResources$/;
const PAGES = { usual: 100, most: 500 };
/** Types that can be searched for here; Google has hundreds. */
const TYPES = [
  'apikeys.googleapis.com/Key',
  'cloudfunctions.googleapis.com/CloudFunction',
  'cloudfunctions.googleapis.com/Function',
  'cloudresourcemanager.googleapis.com/Project',
  'run.googleapis.com/Job',
  'run.googleapis.com/Service',
  'run.googleapis.com/WorkerPool',
];

const FIELDS = ['query', 'orderBy', 'readMask', 'pageSize', 'pageToken'];
const searchRequest = message('google.cloud.asset.v1.SearchAllResourcesRequest', {
  ...PAGE_FIELDS,
  query: text,
  orderBy: text,
  readMask: text,
});

/** `searchAllResources` below a project, a folder or the organisation. */
export function assetsApi(parts: AssetsParts): Assets {
  const { clock, names, iam, hierarchy } = parts;
  let lagMs = 0;

  return {
    title: 'Cloud Asset Inventory',
    setLag(milliseconds) {
      lagMs = milliseconds;
    },
    answer(request) {
      const [found, scope = ''] = ROUTE.exec(request.path) ?? [];
      if (found === undefined || request.method !== 'GET') return undefined;
      return { status: 200, body: searched(request, scope) };
    },
  };

  function searched(request: Request, scope: string): JsonObject {
    const on = isScope(scope) ? scope : scope.slice('projects/'.length);
    const caller = iam.callerOf(request.headers['authorization']);
    iam.require(caller, 'cloudasset.assets.searchAllResources', { project: on, name: scope });
    const wish = readRoot(searchRequest, searchFields(request.query));
    const { query = '', orderBy = '', readMask = '', ...page } = wish;
    if (query !== '') throw notServed('assets', 'SearchAllResourcesRequest.query');
    if (orderBy !== '') throw notServed('assets', 'SearchAllResourcesRequest.orderBy');
    const types = typesIn(request.query);
    const known = microsOf(clock) - lagMs * 1000;
    const all = parts
      .held()
      .filter(({ project }) => (isScope(on) ? hierarchy.above(project).includes(on) : project === names.idOf(on)))
      .filter(({ type, createdAt = 0 }) => types.includes(type) && createdAt <= known)
      .map((asset) => assetJson(asset, names.numberOf(asset.project), hierarchy.above(asset.project)));
    const { items, ...next } = pageOf(all, page, PAGES);
    return { ...(items.length > 0 && { results: items.map((one) => masked(one, readMask)) }), ...next };
  }
}

/** Without the types, of which there may be several. */
function searchFields(query: URLSearchParams): JsonObject {
  const { assetTypes: _, ...fields } = queryFields(query, [...FIELDS, 'assetTypes']);
  return fields;
}

/** Each is a regular expression over the whole of a type, and one that is about no known type is refused (asset_service.proto). */
function typesIn(query: URLSearchParams): readonly string[] {
  const asked = [...query.getAll('assetTypes'), ...query.getAll('asset_types')];
  if (asked.length === 0) return TYPES;
  return asked.flatMap((one) => {
    const found = TYPES.filter((type) => patternOf(one)?.test(type));
    if (found.length === 0) throw new ApiError('INVALID_ARGUMENT', `No supported asset type matches: ${one}.`);
    return found;
  });
}

function patternOf(type: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${type})$`);
  } catch {
    return undefined;
  }
}

/** Fields of the first level; all without a mask. */
function masked(json: JsonObject, mask: string): JsonObject {
  if (mask === '' || mask === '*') return json;
  const wanted = mask.split(',').map((path) => path.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
  return Object.fromEntries(Object.entries(json).filter(([field]) => wanted.includes(field)));
}
