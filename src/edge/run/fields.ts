import { isRecord, type JsonRecord } from '../../core/values/json.ts';

/** A field that is an object; an empty one where it is none, because Google leaves those out. */
export function recordIn(json: JsonRecord, field: string): JsonRecord {
  const value = json[field];
  return isRecord(value) ? value : {};
}

/** Objects of a list; an empty one is left out. */
export function recordsIn(json: JsonRecord, field: string): readonly JsonRecord[] {
  return [json[field]].flat().filter(isRecord);
}

/** A field that is text and not empty. */
export function textIn(json: JsonRecord, field: string): string | undefined {
  const value = json[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Labels and the like. */
export function textsIn(json: JsonRecord, field: string): Readonly<Record<string, string>> {
  const entries = Object.entries(recordIn(json, field)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** What stands behind the last slash of a full name. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
