import { ApiError } from '../api-error.ts';
import type { Request } from '../http.ts';
import { camelCase, isObject, parseJson } from '../rest/proto-json.ts';
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
}

const SECRETS = /^()\/secrets$/;
const SECRET = /^(\/secrets\/[^/]+)$/;
const VERSIONS = /^(\/secrets\/[^/]+)\/versions$/;
const VERSION = /^(\/secrets\/[^/]+\/versions\/[^/]+)$/;
const LOCATIONS = /^()\/locations$/;
const LOCATION = /^(\/locations\/[^/]+)$/;

const ROUTES: readonly Route[] = [
  { method: 'GET', tail: SECRETS, rpc: 'listSecrets', nameField: 'parent' },
  { method: 'POST', tail: SECRETS, rpc: 'createSecret', nameField: 'parent', body: 'secret' },
  { method: 'GET', tail: SECRET, rpc: 'getSecret', nameField: 'name' },
  { method: 'PATCH', tail: SECRET, rpc: 'updateSecret', nameField: 'secret.name', body: 'secret' },
  { method: 'DELETE', tail: SECRET, rpc: 'deleteSecret', nameField: 'name' },
  { method: 'POST', tail: SECRET, verb: 'addVersion', rpc: 'addSecretVersion', nameField: 'parent', body: '*' },
  { method: 'GET', tail: SECRET, verb: 'getIamPolicy', rpc: 'getIamPolicy', nameField: 'resource' },
  { method: 'POST', tail: SECRET, verb: 'setIamPolicy', rpc: 'setIamPolicy', nameField: 'resource', body: '*' },
  {
    method: 'POST',
    tail: SECRET,
    verb: 'testIamPermissions',
    rpc: 'testIamPermissions',
    nameField: 'resource',
    body: '*',
  },
  { method: 'GET', tail: LOCATIONS, rpc: 'listLocations', nameField: 'name' },
  { method: 'GET', tail: LOCATION, rpc: 'getLocation', nameField: 'name' },
  { method: 'GET', tail: VERSIONS, rpc: 'listSecretVersions', nameField: 'parent' },
  { method: 'GET', tail: VERSION, rpc: 'getSecretVersion', nameField: 'name' },
  { method: 'GET', tail: VERSION, verb: 'access', rpc: 'accessSecretVersion', nameField: 'name' },
  { method: 'POST', tail: VERSION, verb: 'enable', rpc: 'enableSecretVersion', nameField: 'name', body: '*' },
  { method: 'POST', tail: VERSION, verb: 'disable', rpc: 'disableSecretVersion', nameField: 'name', body: '*' },
  { method: 'POST', tail: VERSION, verb: 'destroy', rpc: 'destroySecretVersion', nameField: 'name', body: '*' },
];

/** Query parameters that are request fields; all others are taken for Google's system parameters and passed over. */
const QUERY_FIELDS = ['secretId', 'updateMask', 'pageSize', 'pageToken', 'filter', 'etag'];

/** An rpc and its request message in protobuf's JSON form. */
export interface Call {
  readonly rpc: RpcName;
  readonly request: unknown;
}

/** Which call a request is; `undefined` when the path belongs to another API. Throws when it is nobody's or broken. */
export function callOf(request: Request): Call | undefined {
  const own = /^\/v1\/(projects\/[^/]+(?:\/locations\/[^/]+(?=\/))?)(\/(?:secrets|locations)(?:[/:].*)?)$/.exec(
    request.path,
  );
  const [, place = '', rest = ''] = own ?? [];
  if (own === null) return undefined;
  const [, tail = '', verb] = /^(.*?)(?::([^/:]*))?$/.exec(rest) ?? [];
  const route = ROUTES.find((known) => known.method === request.method && known.tail.test(tail) && known.verb === verb);
  if (route === undefined) throw new ApiError('NOT_FOUND', 'Method not found.');
  return { rpc: route.rpc, request: messageOf(route, request, decoded(`${place}${route.tail.exec(tail)?.[1] ?? ''}`)) };
}

function messageOf(route: Route, { body, query }: Request, name: string): unknown {
  if (route.body === '*') return { ...rootOf(body), [route.nameField]: name };
  const asked = Object.fromEntries(
    [...query]
      .map(([field, value]) => [camelCase(field), value])
      .filter(([field = '']) => QUERY_FIELDS.includes(field)),
  );
  if (route.body === undefined) return { ...asked, [route.nameField]: name };
  const secret = rootOf(body);
  return route.nameField === 'secret.name'
    ? { ...asked, secret: { ...secret, name } }
    : { ...asked, secret, [route.nameField]: name };
}

function rootOf(body: Request['body']): Readonly<Record<string, unknown>> {
  const root = parseJson(body.toString());
  if (isObject(root)) return root;
  throw new ApiError(
    'INVALID_ARGUMENT',
    'Invalid JSON payload received. Unknown name "": Root element must be a message.',
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
}
