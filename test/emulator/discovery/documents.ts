import { readFileSync } from 'node:fs';
import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';

/** A method of Google's, from a discovery document. */
export interface Method {
  readonly id: string;
  readonly httpMethod: string;
  /** With `{name}` for each segment that is chosen. */
  readonly path: string;
  readonly response?: string;
  /** Names of the query parameters that it takes. */
  readonly query?: readonly string[];
}

/** A discovery document of Google's, cut down by `trim.ts`. */
export interface Document {
  readonly id: string;
  readonly methods: readonly Method[];
  readonly schemas: JsonRecord;
}

function documentOf(name: string): Document {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'));
}

export const DOCUMENTS: readonly Document[] = [
  'secretmanager.v1',
  'apikeys.v2',
  'cloudscheduler.v1',
  'pubsub.v1',
  'monitoring.v3',
].map(documentOf);

/** What shows the rest of a deployment: methods that only read. */
const LOOKED_AT: readonly Document[] = JSON.parse(readFileSync(new URL('deployment.json', import.meta.url), 'utf8'));

/** The method that a request is; `undefined` for what Google does not have. */
export function methodOf(httpMethod: string, path: string): { document: Document; method: Method } | undefined {
  for (const document of [...LOOKED_AT, ...DOCUMENTS]) {
    const method = document.methods.find(
      (known) => known.httpMethod === httpMethod && patternOf(known.path).test(path),
    );
    if (method !== undefined) return { document, method };
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/:]+')}$`);
}

/** What in a JSON value is not as a schema of the document has it, each with its place. */
export function departures(document: Document, schema: unknown, value: unknown, at = ''): readonly string[] {
  if (!isRecord(schema)) return [`${at}: no schema`];
  const { $ref: ref, type, properties, items, additionalProperties, enum: names, format } = schema;
  if (typeof ref === 'string') return departures(document, document.schemas[ref], value, at);
  if (type === 'array')
    return Array.isArray(value)
      ? value.flatMap((entry: unknown, index) => departures(document, items, entry, `${at}[${index}]`))
      : [`${at}: not a list`];
  if (type === 'object') {
    if (!isRecord(value)) return [`${at}: not an object`];
    return Object.entries(value).flatMap(([name, inner]) => {
      const known = isRecord(properties) ? properties[name] : undefined;
      const field = known ?? additionalProperties;
      return field === undefined
        ? [`${at}.${name}: no such field`]
        : departures(document, field, inner, `${at}.${name}`);
    });
  }
  if (type === 'any') return [];
  const kind = type === 'integer' || type === 'number' ? 'number' : type;
  if (typeof value !== kind) return [`${at}: ${JSON.stringify(value)} is not a ${String(type)}`];
  if (Array.isArray(names) && !names.includes(value))
    return [`${at}: ${JSON.stringify(value)} is not one of the names`];
  return fits(format, String(value)) ? [] : [`${at}: ${JSON.stringify(value)} is not a ${String(format)}`];
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  'google-datetime': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  'google-duration': /^-?\d+(\.\d{1,9})?s$/,
  int64: /^-?\d{1,19}$/,
  byte: /^[A-Za-z0-9+/]*={0,2}$/,
};

function fits(format: unknown, text: string): boolean {
  const form = typeof format === 'string' ? FORMATS[format] : undefined;
  return form === undefined || form.test(text);
}

/** Every field that a caller may set, as a dotted path, those of lists and maps as the field itself. */
export function settablePaths(
  document: Document,
  name: string,
  prefix = '',
  seen: readonly string[] = [],
): readonly string[] {
  const schema = document.schemas[name];
  const properties = isRecord(schema) && isRecord(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).flatMap(([field, shape]) => {
    if (!isRecord(shape) || shape['outputOnly'] === true) return [];
    const path = `${prefix}${field}`;
    const { $ref: ref, items } = shape;
    const inner = typeof ref === 'string' ? ref : isRecord(items) ? items['$ref'] : undefined;
    if (typeof inner !== 'string' || seen.includes(inner)) return [path];
    const below = settablePaths(document, inner, `${path}.`, [...seen, inner]);
    return below.length === 0 ? [path] : below;
  });
}
