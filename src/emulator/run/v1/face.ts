import { Buffer } from 'node:buffer';
import { ApiError } from '../../wire/api-error.ts';
import type { Request } from '../../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../../wire/rest/json-body.ts';
import { pageOf } from '../../wire/rest/pages.ts';
import { queryFields } from '../../wire/rest/query.ts';
import type { ProjectNames } from '../../world/names.ts';
import { REGIONS } from '../../world/regions.ts';
import { inV2 } from './from-v1.ts';
import { objectIn, objectsIn, textIn } from './parts.ts';
import { inV1, KINDS_V1, type PlaceV1, type PluralV1 } from './to-v1.ts';

export interface FaceParts {
  readonly names: ProjectNames;
  /** Cloud Run’s own v2, which keeps everything. */
  readonly v2: (request: Request) => JsonObject | undefined;
}

const NAMESPACES =
  /^\/apis\/(serving\.knative\.dev|run\.googleapis\.com)\/v1\/namespaces\/([^/:]+)\/(services|revisions|jobs|workerpools)(?:\/([^/:]+))?$/;
const EVERYWHERE = /^\/v1\/projects\/([^/:]+)\/locations\/([^/:]+)\/(services)$/;
/** A region has a host of its own in v1, which says what no path does. */
const HOST = /^([a-z]+-[a-z]+\d+)-/;
const V2 = { services: 'services', workerpools: 'workerPools', jobs: 'jobs' } as const;
const PAGES = { usual: 1000, most: 1000 };

/** One of v1’s requests. */
interface CallV1 {
  readonly plural: PluralV1;
  readonly project: string;
  /** `undefined` is all of them. */
  readonly region: string | undefined;
  readonly id: string | undefined;
}

/**
 * Cloud Run’s v1, in the form of Knative: what gcloud and the console speak. A second face of what v2 keeps, so each request is one of
 * v2’s under the same permissions, and its answer is written in the other form; `undefined` for a path that is not its own.
 */
export function answerInV1({ names, v2 }: FaceParts, request: Request): JsonObject | undefined {
  const call = callIn(request);
  if (call === undefined) return undefined;
  const { plural, project, id } = call;
  const ask = (method: string, path: string, query = '', body?: unknown): JsonObject =>
    v2({
      ...request,
      method,
      path,
      query: new URLSearchParams(query),
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    }) ?? {};
  const placeOf = (region: string): PlaceV1 => ({
    region,
    number: names.numberOf(project),
    isOwn: (other) => names.idOf(other) === names.idOf(project),
  });
  const all = (path: string, field: string): readonly JsonObject[] => {
    const found: JsonObject[] = [];
    for (let token = ''; ;) {
      const page = ask('GET', path, token === '' ? '' : `pageToken=${token}`);
      found.push(...objectsIn(page, field));
      const next = textIn(page, 'nextPageToken');
      if (next === undefined) return found;
      token = next;
    }
  };
  const regional = (region: string): string => `/v2/projects/${project}/locations/${region}`;
  const inRegion = (region: string): readonly JsonObject[] => {
    const owners = (field: 'services' | 'workerPools' | 'jobs') => all(`${regional(region)}/${field}`, field);
    const found =
      plural === 'revisions'
        ? owners('services').flatMap(({ name }) => all(`/v2/${String(name)}/revisions`, 'revisions'))
        : owners(V2[plural]);
    return found.map((one) => inV1(plural, one, placeOf(region)));
  };

  switch (`${request.method} ${id === undefined ? 'all' : 'one'}`) {
    case 'GET all':
      return listed(request, call, (call.region === undefined ? REGIONS : [call.region]).flatMap(inRegion));
    case 'GET one': {
      const region = oneRegion(call);
      if (plural === 'revisions') return revisionIn(inRegion(region), call);
      return inV1(plural, ask('GET', `${regional(region)}/${V2[plural]}/${id ?? ''}`), placeOf(region));
    }
    case 'PUT one': {
      if (plural !== 'services') return undefined;
      const path = `${regional(oneRegion(call))}/services/${id ?? ''}`;
      const { dryRun } = queryFields(request.query, ['dryRun']);
      const sent = inV2(jsonObjectOf(request.body));
      ask('PATCH', path, dryRun === 'all' ? 'validateOnly=true' : '', sent);
      return inV1(plural, ask('GET', path), placeOf(oneRegion(call)));
    }
    default:
      return undefined;
  }
}

function callIn({ path, headers }: Request): CallV1 | undefined {
  const [, project = '', location = '', everywhere] = EVERYWHERE.exec(path) ?? [];
  if (everywhere !== undefined)
    return { plural: 'services', project, region: location === '-' ? undefined : location, id: undefined };
  const [found, api, namespace = '', plural = '', id] = NAMESPACES.exec(path) ?? [];
  const kind = isPlural(plural) ? plural : undefined;
  if (found === undefined || kind === undefined || KINDS_V1[kind].api !== api) return undefined;
  return { plural: kind, project: namespace, region: HOST.exec(headers['host'] ?? '')?.[1], id };
}

function isPlural(plural: string): plural is PluralV1 {
  return Object.hasOwn(KINDS_V1, plural);
}

function oneRegion({ region, id }: CallV1): string {
  if (region !== undefined) return region;
  throw new ApiError(
    'INVALID_ARGUMENT',
    `Where ${id ?? ''} is, the host has to say, as in us-east1-run.googleapis.com.`,
  );
}

function revisionIn(all: readonly JsonObject[], { id, region, project }: CallV1): JsonObject {
  const found = all.find((one) => objectIn(one, 'metadata')['name'] === id);
  if (found !== undefined) return found;
  throw new ApiError(
    'NOT_FOUND',
    `Resource '${id ?? ''}' of kind 'REVISION' in region '${region ?? ''}' in project '${project}' does not exist.`,
  );
}

/** A page, with labels that are all as a selector has them; other selectors are not served. */
function listed({ query }: Request, { plural }: CallV1, all: readonly JsonObject[]): JsonObject {
  const fields = queryFields(query, ['labelSelector', 'fieldSelector', 'limit', 'continue']);
  if (fields['fieldSelector'] !== undefined)
    throw new ApiError('UNIMPLEMENTED', 'fieldSelector is not implemented by the pretend cloud.');
  const wanted = (fields['labelSelector'] ?? '').split(',').flatMap((term): [string, string][] => {
    const [label = '', value] = term.split('=').map((part) => part.trim());
    return value === undefined ? [] : [[label, value]];
  });
  const fitting = all.filter((one) => {
    const labels = objectIn(objectIn(one, 'metadata'), 'labels');
    return wanted.every(([label, value]) => labels[label] === value);
  });
  const wish = {
    pageSize: Number(fields['limit'] ?? 0),
    ...(fields['continue'] !== undefined && { pageToken: fields['continue'] }),
  };
  const { items, nextPageToken } = pageOf(fitting, wish, PAGES);
  const { api, kind } = KINDS_V1[plural];
  return {
    apiVersion: `${api}/v1`,
    kind: `${kind}List`,
    metadata: nextPageToken === undefined ? {} : { continue: nextPageToken },
    items,
  };
}
