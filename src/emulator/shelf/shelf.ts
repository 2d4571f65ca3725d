import { ApiError } from '../wire/api-error.ts';
import type { Reply, Request, Service } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { pageOf } from '../wire/rest/pages.ts';
import { nestedFields, queryFields } from '../wire/rest/query.ts';
import { projectOfAccount, type Accounts } from '../world/accounts.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import { askedIn, type Asked } from './kinds.ts';
import { accountPolicy, projectPolicy } from './policies.ts';

export interface ShelfParts {
  readonly iam: Iam;
  readonly accounts: Accounts;
  readonly names: ProjectNames;
}

/** What stands on the shelf, and the service that shows it. */
export interface Shelf extends Service {
  /** Puts a resource at Google's own path, or a policy at `…:getIamPolicy`; takes it away without one. */
  put(path: string, resource: JsonObject | undefined): void;
  /** What was put at a path. */
  at(path: string): JsonObject | undefined;
  /** What was put below a collection; `*` stands for one segment. */
  below(collection: string): readonly JsonObject[];
  /** Everything that was put, as it is put again. */
  all(): readonly (readonly [path: string, resource: JsonObject])[];
}

const PAGES = { usual: 100, most: 500 };
const PROJECT = /^\/v3\/projects\/(?<project>[^/:]+)$/;
const PROJECT_POLICY = /^\/v3\/projects\/(?<project>[^/:]+):getIamPolicy$/;
const ACCOUNT_POLICY = /^\/v1\/projects\/(?<project>[^/:]+)\/serviceAccounts\/(?<email>[^/:]+):getIamPolicy$/;
const ACCOUNT = /^\/v1\/projects\/[^/:]+\/serviceAccounts\/([^/:]+)$/;
const ROLE = /^\/v1\/(?<name>projects\/(?<project>[^/:]+)\/roles\/[^/:]+)$/;

/**
 * What a deployment leaves in APIs that nothing here calls otherwise: kept as it was put, and only read. Policies of
 * projects and accounts, and custom roles, are those of `grants` and `roles`. The words for what is missing are not settled.
 */
export function shelf({ iam, accounts, names }: ShelfParts): Shelf {
  const kept = new Map<string, JsonObject>();

  const require = (request: Request, permission: string, project: string): void =>
    iam.require(iam.callerOf(request.headers['authorization']), permission, { project, name: request.path.slice(4) });

  const existing = (path: string): JsonObject => {
    const found = standing(path, kept.get(path));
    if (found !== undefined) return found;
    throw new ApiError('NOT_FOUND', `Resource '${path.replace(/^\/(?:storage\/)?v\d\//, '')}' was not found`);
  };

  const shown = ({ path, query }: Request, { what, kind }: Asked): JsonObject => {
    if (what === 'list') return listed([...kept], path, query, kind.list ?? '');
    if (what === 'get') {
      queryFields(query, []);
      return existing(path);
    }
    nestedFields(query, ['options.requestedPolicyVersion']);
    existing(path.replace(/:getIamPolicy$/, ''));
    return kept.get(path) ?? { etag: 'ACAB' };
  };

  return {
    title: 'Shelf',
    put(path, resource) {
      if (askedIn(path) === undefined && !PROJECT.test(path))
        throw new ApiError('INVALID_ARGUMENT', `nothing is kept at ${path}; docs/emulator.md lists the kinds`);
      if (resource === undefined) kept.delete(path);
      else kept.set(path, resource);
    },
    at: (path) => kept.get(path),
    below(collection) {
      const pattern = new RegExp(`^${collection.replaceAll('*', '[^/:]+')}/[^/:]+$`);
      return [...kept].flatMap(([path, resource]) => (pattern.test(path) ? [resource] : []));
    },
    all: () => [...kept],
    answer(sent): Reply | undefined {
      const request = { ...sent, path: withProject(sent.path) };
      const policyOf = request.method === 'POST' ? PROJECT_POLICY.exec(request.path)?.groups : undefined;
      if (policyOf !== undefined) {
        const { project = '' } = policyOf;
        require(request, 'resourcemanager.projects.getIamPolicy', project);
        jsonObjectOf(request.body);
        const own = kept.get(`/v3/projects/${names.idOf(project)}`) ?? {};
        return { status: 200, body: projectPolicy(iam, names.numberOf(project), own) };
      }
      const accountAt = request.method === 'POST' ? ACCOUNT_POLICY.exec(request.path)?.groups : undefined;
      if (accountAt !== undefined) {
        const { project = '', email = '' } = accountAt;
        require(request, 'iam.serviceAccounts.getIamPolicy', project);
        jsonObjectOf(request.body);
        existing(request.path.replace(/:getIamPolicy$/, ''));
        return { status: 200, body: accountPolicy(accounts, email) };
      }
      if (request.method !== 'GET') return undefined;
      const role = ROLE.exec(request.path)?.groups;
      if (role !== undefined) return { status: 200, body: roleAt(request, role['name'] ?? '', role['project'] ?? '') };
      const asked = askedIn(request.path);
      if (asked === undefined) return undefined;
      require(request, `${asked.kind.permissions}.${asked.what}`, asked.project ??
        projectOf(existing(bucketIn(request.path))));
      return { status: 200, body: shown(request, asked) };
    },
  };

  /** An account as it was put there, in the state that it was given: one whose state was set is there without being put. */
  function standing(path: string, put: JsonObject | undefined): JsonObject | undefined {
    const email = ACCOUNT.exec(path)?.[1];
    const state = accounts.states().find(([known]) => known === email)?.[1];
    if (email === undefined || state === undefined) return put;
    if (state === 'deleted') return undefined;
    return { email, ...put, ...(state === 'disabled' ? { disabled: true } : {}) };
  }

  function roleAt(request: Request, name: string, project: string): JsonObject {
    require(request, 'iam.roles.get', project);
    queryFields(request.query, []);
    const permissions = new Map(iam.snapshot().roles).get(name);
    if (permissions === undefined) throw new ApiError('NOT_FOUND', `The role named ${name} was not found.`);
    return { name, includedPermissions: permissions, stage: 'GA', etag: 'ACAB' };
  }
}

/** IAM takes `-` for the project of an account, which the account's own email names; gcloud asks so. */
function withProject(path: string): string {
  const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+)/.exec(path)?.[1];
  const project = email === undefined ? undefined : projectOfAccount(email);
  return project === undefined ? path : path.replace('/projects/-/', `/projects/${project}/`);
}

function bucketIn(path: string): string {
  return path.replace(/\/o\/.*$/, '');
}

/** Cloud Storage names no project in its paths: a bucket's own is asked. */
function projectOf({ projectNumber }: JsonObject): string {
  return String(projectNumber);
}

function listed(
  kept: readonly (readonly [path: string, resource: JsonObject])[],
  path: string,
  query: URLSearchParams,
  field: string,
): JsonObject {
  const { filter, pageSize, pageToken } = queryFields(query, ['filter', 'pageSize', 'pageToken']);
  if (filter !== undefined && filter !== 'state:ENABLED')
    throw new ApiError('UNIMPLEMENTED', 'This filter is not implemented by the pretend cloud.');
  const all = kept
    .filter(([at]) => at.startsWith(`${path}/`) && !/[/:]/.test(at.slice(path.length + 1)))
    .map(([, resource]) => resource)
    .filter((resource) => filter === undefined || resource['state'] === 'ENABLED');
  const wish = {
    ...(pageSize !== undefined && { pageSize: Number(pageSize) }),
    ...(pageToken !== undefined && { pageToken }),
  };
  const { items, ...next } = pageOf(all, wish, PAGES);
  return { ...(items.length > 0 && { [field]: items }), ...next };
}
