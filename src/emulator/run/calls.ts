import { ApiError } from '../wire/api-error.ts';
import type { Request } from '../wire/http.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { flag, message, readRoot, text } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import type { ProjectNames } from '../world/names.ts';
import { REGIONS } from '../world/regions.ts';
import { KINDS, type Kind, type Plural } from './kinds.ts';

const ROUTE =
  /^\/v2\/projects\/([^/:]+)\/locations\/([^/:]+)\/(services|workerPools|jobs)(?:\/([^/:]+))?(?:\/(revisions|executions)(?:\/([^/:]+))?)?(?::(run))?$/;
const PAGES = { usual: 100, most: 1000 };

/** A request to Cloud Run, taken apart. */
export interface Call {
  /** Method and what it is about: `GET one/revisions:`, `POST one:run`. */
  readonly what: string;
  readonly kind: Kind;
  /** `projects/<id>/locations/L`. */
  readonly parent: string;
  /** As sent. */
  readonly project: string;
  readonly location: string;
  /** The whole name, with the project’s id. */
  readonly name: string;
  readonly id: string;
  /** The revision or execution below it that is meant. */
  readonly item: string;
}

/** What a request asks of Cloud Run; `undefined` for a path that is none of its own. */
export function callIn({ method, path }: Request, names: ProjectNames): Call | undefined {
  const [found, project = '', location = '', plural = '', id, below, item, verb = ''] = ROUTE.exec(path) ?? [];
  if (found === undefined) return undefined;
  const kind = KINDS[pluralOf(plural)];
  const parent = `projects/${names.idOf(project)}/locations/${location}`;
  const aim = `${id === undefined ? 'all' : 'one'}${below === undefined ? '' : `/${below}`}${item === undefined ? '' : '/one'}`;
  const name = `${parent}/${kind.plural}/${id ?? ''}`;
  return { what: `${method} ${aim}:${verb}`, kind, parent, project, location, name, id: id ?? '', item: item ?? '' };
}

function pluralOf(plural: string): Plural {
  return plural === 'jobs' || plural === 'workerPools' ? plural : 'services';
}

/** In Cloud Run’s words, which name the kind in upper case. */
export function missing(word: string, id: string, { location, project }: Pick<Call, 'location' | 'project'>): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `Resource '${id}' of kind '${word}' in region '${location}' in project '${project}' does not exist.`,
  );
}

/** “Location must be a valid Google Cloud region, and cannot be the "-" wildcard” (service.proto). The wording is not settled. */
export function requireRegion({ location }: Call): void {
  if (REGIONS.includes(location)) return;
  throw new ApiError('INVALID_ARGUMENT', `Location '${location}' is not a valid Google Cloud region.`);
}

const listRequest = message('google.cloud.run.v2.ListServicesRequest', {
  ...PAGE_FIELDS,
  showDeleted: flag,
  filter: text,
});

/** The page that is asked for. */
export function paged<Item>(
  { query }: Request,
  field: string,
  all: readonly Item[],
  shown: (item: Item) => JsonObject,
): JsonObject {
  const wish = readRoot(listRequest, queryFields(query, ['pageSize', 'pageToken', 'showDeleted', 'filter']));
  const { items, ...next } = pageOf(all, wish, PAGES);
  return { ...(items.length > 0 && { [field]: items.map(shown) }), ...next };
}
