import { ApiError } from '../wire/api-error.ts';
import type { Filter, Operator } from './filter.ts';
import { parseMicros } from '../wire/rest/micros.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import { camelCase } from '../wire/rest/proto-json.ts';

/** Fields a secret can be filtered by. */
export const SECRET_FIELDS = [
  'name',
  'replication',
  'create_time',
  'labels',
  'topics',
  'expire_time',
  'etag',
  'rotation',
  'version_aliases',
  'annotations',
  'version_destroy_ttl',
  'customer_managed_encryption',
  'secret_type',
];

/** Fields a version can be filtered by. */
export const VERSION_FIELDS = [
  'name',
  'create_time',
  'destroy_time',
  'state',
  'replication_status',
  'etag',
  'client_specified_payload_checksum',
  'scheduled_destroy_time',
];

/** Throws INVALID_ARGUMENT when a filter names a field the resource does not have. */
export function requireFields(filter: Filter, known: readonly string[]): void {
  switch (filter.kind) {
    case 'all':
    case 'any':
      for (const part of filter.parts) requireFields(part, known);
      return;
    case 'not':
      requireFields(filter.part, known);
      return;
    case 'test':
    case 'present':
      if (!known.some((field) => camelCase(field) === camelCase(filter.path[0] ?? '')))
        throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
}

/** Whether a resource, in protobuf's JSON form, passes a filter. */
export function matches(filter: Filter, resource: unknown): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.parts.every((part) => matches(part, resource));
    case 'any':
      return filter.parts.some((part) => matches(part, resource));
    case 'not':
      return !matches(filter.part, resource);
    case 'present':
      return valuesAt(resource, filter.path).length > 0;
    case 'test':
      return tests(valuesAt(resource, filter.path), filter.operator, filter.value);
  }
}

/** Everything the path leads to, through lists; the keys of maps may hold dots. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => valuesAt(entry, path));
  const [first, ...rest] = path;
  if (first === undefined) return [value];
  if (!isJsonObject(value)) return [];
  const whole = path.join('.');
  if (Object.hasOwn(value, whole)) return valuesAt(value[whole], []);
  const key = camelCase(first);
  return Object.hasOwn(value, key) ? valuesAt(value[key], rest) : [];
}

function tests(values: readonly unknown[], operator: Operator, wanted: string): boolean {
  if (operator === ':') return values.some((value) => holds(value, wanted));
  if (operator === '!=') return !values.some((value) => compared(value, wanted) === 0);
  return values.some((value) => {
    const order = compared(value, wanted);
    if (order === undefined) return false;
    switch (operator) {
      case '=':
        return order === 0;
      case '<':
        return order < 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '>=':
        return order >= 0;
    }
  });
}

/** `:` on text is a substring in any case, on a map a key. */
function holds(value: unknown, wanted: string): boolean {
  if (isJsonObject(value)) return Object.hasOwn(value, wanted) || Object.hasOwn(value, camelCase(wanted));
  return String(value).toLowerCase().includes(wanted.toLowerCase());
}

/** Times and durations by size, other text without regard to case; `undefined` for what has no order. */
function compared(value: unknown, wanted: string): number | undefined {
  if (isJsonObject(value)) return undefined;
  const [one, other] = [sizeOf(String(value)), sizeOf(wanted)];
  if (one !== undefined && other !== undefined) return one - other;
  return String(value).toLowerCase().localeCompare(wanted.toLowerCase(), 'en');
}

function sizeOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?s?$/.test(text)) return Number.parseFloat(text);
  return parseMicros(text);
}
