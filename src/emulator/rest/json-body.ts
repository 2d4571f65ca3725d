import type { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';

/** A JSON object whose fields nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The request's JSON object; an empty body is `{}`. INVALID_ARGUMENT for anything that is not a JSON object. */
export function jsonObjectOf(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  const parsed = parsedOf(body.toString('utf8'));
  if (!isJsonObject(parsed))
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Expected an object.');
  return parsed;
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.');
  }
}

/** Refuses fields that the message does not have, in Google's words. `where` is empty at the top of the message. */
export function refuseUnknownFields(given: JsonObject, known: ReadonlySet<string>, where = ''): void {
  const unknown = Object.keys(given).filter((field) => !known.has(field));
  if (unknown.length === 0) return;
  const place = where === '' ? '' : ` at '${where}'`;
  const sentences = unknown.map(
    (field) => `Invalid JSON payload received. Unknown name "${field}"${place}: Cannot find field.`,
  );
  const fieldViolations = sentences.map((description) =>
    where === '' ? { description } : { field: where, description },
  );
  throw new ApiError('INVALID_ARGUMENT', sentences.join('\n'), [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
  ]);
}

/** A text field, or `undefined` when it is left out. INVALID_ARGUMENT for another type. */
export function textField(given: JsonObject, field: string): string | undefined {
  const value = given[field];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new ApiError('INVALID_ARGUMENT', `Invalid value at '${field}' (TYPE_STRING), ${JSON.stringify(value)}`);
}

/** A map of text to text; empty when it is left out. INVALID_ARGUMENT for another type. */
export function textMapField(given: JsonObject, field: string): Readonly<Record<string, string>> {
  const value = given[field] ?? {};
  if (!isJsonObject(value)) throw new ApiError('INVALID_ARGUMENT', `Invalid value at '${field}' (type: map)`);
  const entries = Object.keys(value).map((name): [string, string] => [name, textField(value, name) ?? '']);
  return Object.fromEntries(entries);
}
