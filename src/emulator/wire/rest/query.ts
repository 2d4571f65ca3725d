import { isJsonObject } from './json-body.ts';
import { badRequest, camelCase } from './proto-json.ts';

/** Google's system parameters, which every method takes (cloud.google.com/apis/docs/system-parameters). */
const SYSTEM: ReadonlySet<string> = new Set([
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
  'userProject',
  '.xgafv',
]);

/**
 * The query as fields of the request message, in lowerCamelCase: `known` ones and no others, so that a misspelt
 * parameter is refused as Google refuses it. Of a repeated one the last counts.
 */
export function queryFields(query: URLSearchParams, known: readonly string[]): Readonly<Record<string, string>> {
  const own = [...query].filter(([name]) => !SYSTEM.has(name.replace(/^\$/, '')));
  const strangers = own.filter(([name]) => !known.includes(camelCase(name)));
  if (strangers.length > 0) throw badRequest(strangers.map(([name]) => unbound(name)));
  return Object.fromEntries(own.map(([name, value]) => [camelCase(name), value]));
}

/** The same with a dotted parameter as a field of a field, as in `options.requestedPolicyVersion=3`. */
export function nestedFields(query: URLSearchParams, known: readonly string[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(queryFields(query, known))) {
    const [outer = '', inner] = field.split('.');
    const before = fields[outer];
    fields[outer] = inner === undefined ? value : { ...(isJsonObject(before) && before), [inner]: value };
  }
  return fields;
}

function unbound(name: string): { readonly field: string; readonly description: string } {
  const description =
    `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ` +
    `Field '${name}' could not be found in request message.`;
  return { field: '', description };
}
