import { isJsonObject, type JsonObject } from '../../wire/rest/json-body.ts';

/** What v1 and v2 call by one name and neither of them is looked into here. */
export const SAME = ['name', 'image', 'command', 'args', 'resources', 'ports', 'volumeMounts', 'workingDir'];
export const PROBES = ['livenessProbe', 'startupProbe', 'readinessProbe'];

/** The object in a field; empty where there is none. */
export function objectIn(from: JsonObject, field: string): JsonObject {
  const found = from[field];
  return isJsonObject(found) ? found : {};
}

/** The objects of a list in a field. */
export function objectsIn(from: JsonObject, field: string): readonly JsonObject[] {
  const found = from[field];
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

export function textIn(from: JsonObject, field: string): string | undefined {
  const found = from[field];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A number, which JSON of protobuf may hold as text. */
export function numberIn(from: JsonObject, field: string): number | undefined {
  const found = from[field];
  return typeof found === 'number' || typeof found === 'string' ? Number(found) : undefined;
}

/** Some fields, under other names, as far as they are set. */
export function renamed(from: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, other]) => (from[name] === undefined ? [] : [[other, from[name]]])),
  );
}

/** Some fields under their own names. */
export function kept(from: JsonObject, names: readonly string[]): JsonObject {
  return renamed(from, Object.fromEntries(names.map((name) => [name, name])));
}

/** The last segment of a name. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
