import { ApiError } from '../wire/api-error.ts';
import type { Request } from '../wire/http.ts';
import { jsonObjectOf } from '../wire/rest/json-body.ts';
import { nestedFields } from '../wire/rest/query.ts';
import type { RpcName } from './rpcs.ts';

/** How an rpc is reached over REST (the `google.api.http` options of service.proto). */
interface Route {
  readonly method: string;
  /** What follows `projects/P` or `projects/P/locations/L`, without the verb; the group is part of the name. */
  readonly tail: RegExp;
  readonly verb?: string;
  readonly rpc: RpcName;
  /** The request field that takes the resource name, a dotted path. */
  readonly nameField: 'name' | 'parent' | 'resource' | 'secret.name';
  /** `*`: the body is the request; `secret`: it is that field; absent: it is not read. */
  readonly body?: '*' | 'secret';
  /** The request fields that the query may hold. */
  readonly query?: readonly string[];
}

const SECRETS = /^()\/secrets$/;
const SECRET = /^(\/secrets\/[^/]+)$/;
const VERSIONS = /^(\/secrets\/[^/]+)\/versions$/;
const VERSION = /^(\/secrets\/[^/]+\/versions\/[^/]+)$/;
const LOCATIONS = /^()\/locations$/;
const LOCATION = /^(\/locations\/[^/]+)$/;
const PAGING = ['pageSize', 'pageToken', 'filter'];

const ROUTES: readonly Route[] = [
  { method: 'GET', tail: SECRETS, rpc: 'listSecrets', nameField: 'parent', query: PAGING },
  { method: 'POST', tail: SECRETS, rpc: 'createSecret', nameField: 'parent', body: 'secret', query: ['secretId'] },
  { method: 'GET', tail: SECRET, rpc: 'getSecret', nameField: 'name' },
  {
    method: 'PATCH',
    tail: SECRET,
    rpc: 'updateSecret',
    nameField: 'secret.name',
    body: 'secret',
    query: ['updateMask'],
  },
  { method: 'DELETE', tail: SECRET, rpc: 'deleteSecret', nameField: 'name', query: ['etag'] },
  { method: 'POST', tail: SECRET, verb: 'addVersion', rpc: 'addSecretVersion', nameField: 'parent', body: '*' },
  {
    method: 'GET',
    tail: SECRET,
    verb: 'getIamPolicy',
    rpc: 'getIamPolicy',
    nameField: 'resource',
    query: ['options.requestedPolicyVersion'],
  },
  { method: 'POST', tail: SECRET, verb: 'setIamPolicy', rpc: 'setIamPolicy', nameField: 'resource', body: '*' },
  {
    method: 'POST',
    tail: SECRET,
    verb: 'testIamPermissions',
    rpc: 'testIamPermissions',
    nameField: 'resource',
    body: '*',
  },
  { method: 'GET', tail: LOCATIONS, rpc: 'listLocations', nameField: 'name', query: PAGING },
  { method: 'GET', tail: LOCATION, rpc: 'getLocation', nameField: 'name' },
  { method: 'GET', tail: VERSIONS, rpc: 'listSecretVersions', nameField: 'parent', query: PAGING },
  { method: 'GET', tail: VERSION, rpc: 'getSecretVersion', nameField: 'name' },
  { method: 'GET', tail: VERSION, verb: 'access', rpc: 'accessSecretVersion', nameField: 'name' },
  { method: 'POST', tail: VERSION, verb: 'enable', rpc: 'enableSecretVersion', nameField: 'name', body: '*' },
  { method: 'POST', tail: VERSION, verb: 'disable', rpc: 'disableSecretVersion', nameField: 'name', body: '*' },
  { method: 'POST', tail: VERSION, verb: 'destroy', rpc: 'destroySecretVersion', nameField: 'name', body: '*' },
];

/** An rpc and its request message in protobuf's JSON form. */
export interface Call {
  readonly rpc: RpcName;
  readonly request: unknown;
}

/** Which call a request is; `undefined` for a path or method that this API does not have. Throws when it is broken. */
export function callOf(request: Request): Call | undefined {
  const own = /^\/v1\/(projects\/[^/]+(?:\/locations\/[^/]+(?=\/))?)(\/(?:secrets|locations)(?:[/:].*)?)$/.exec(
    request.path,
  );
  const [, place = '', rest = ''] = own ?? [];
  const [, tail = '', verb] = /^(.*?)(?::([^/:]*))?$/.exec(rest) ?? [];
  const route = ROUTES.find((known) => known.method === request.method && known.tail.test(tail) && known.verb === verb);
  if (route === undefined) return undefined;
  return { rpc: route.rpc, request: messageOf(route, request, decoded(`${place}${route.tail.exec(tail)?.[1] ?? ''}`)) };
}

function messageOf(route: Route, { body, query }: Request, name: string): unknown {
  const asked = nestedFields(query, route.query ?? []);
  if (route.body === '*') return { ...jsonObjectOf(body), ...asked, [route.nameField]: name };
  if (route.body === undefined) return { ...asked, [route.nameField]: name };
  const secret = jsonObjectOf(body);
  return route.nameField === 'secret.name'
    ? { ...asked, secret: { ...secret, name } }
    : { ...asked, secret, [route.nameField]: name };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
}
