import { Buffer } from 'node:buffer';
import type { Request } from '../wire/http.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';

/** How a method is reached over REST: the `google.api.http` option of its proto. */
export interface HttpRule {
  readonly method: string;
  /** As in `/v1/{topic.name=projects/*\/topics/*}`. */
  readonly path: string;
  /** `*`: all that is not in the path is the body; a field: that field is; absent: there is none. */
  readonly body: string | undefined;
}

const VERBS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * The rule among a method's options; `undefined` for one that only gRPC has. The mixin's own rule reads policies with a
 * POST, and Pub/Sub's REST interface with a GET.
 */
export function httpRuleOf(options: JsonObject | undefined): HttpRule | undefined {
  if (options?.['(google.api.http).post'] === '/v1/{resource=**}:getIamPolicy')
    return { method: 'GET', path: '/v1/{resource=**}:getIamPolicy', body: undefined };
  for (const verb of VERBS) {
    const path = options?.[`(google.api.http).${verb}`];
    const body = options?.['(google.api.http).body'];
    if (typeof path === 'string')
      return { method: verb.toUpperCase(), path, body: typeof body === 'string' ? body : undefined };
  }
  return undefined;
}

/** A request message in protobuf's JSON form as the REST request that means the same. */
export function restRequest(rule: HttpRule, message: JsonObject, from: Pick<Request, 'headers' | 'callerIp'>): Request {
  let left = message;
  const path = rule.path.replace(/\{([\w.]+)(?:=[^}]*)?\}/g, (_, field: string) => {
    const names = field.split('.').map(camel);
    const value = valueAt(left, names);
    if (names.length === 1) left = without(left, names[0] ?? '');
    return typeof value === 'string' ? value : '';
  });
  const field = rule.body === undefined || rule.body === '*' ? undefined : camel(rule.body);
  const body = rule.body === '*' ? left : field === undefined ? undefined : (left[field] ?? {});
  const asked = rule.body === '*' ? {} : field === undefined ? left : without(left, field);
  return {
    method: rule.method,
    path,
    query: new URLSearchParams(queryOf(asked)),
    headers: from.headers,
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
    callerIp: from.callerIp,
  };
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function valueAt(message: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), message);
}

function without(message: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
}

/** Fields of fields are dotted, lists repeated. */
function queryOf(message: JsonObject, prefix = ''): [string, string][] {
  return Object.entries(message).flatMap(([name, value]): [string, string][] => {
    if (isJsonObject(value)) return queryOf(value, `${prefix}${name}.`);
    return [value].flat().map((one): [string, string] => [`${prefix}${name}`, String(one)]);
  });
}
