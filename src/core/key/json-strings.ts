import { isRecord } from '../values/json.ts';

/** A text inside JSON, under the nearest name above it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** No settings file nests deeper. */
const DEPTH_MAX = 16;

/** Every text at any depth of parsed JSON. */
export function stringsIn(value: unknown, name = '', depth = 0): readonly NamedText[] {
  if (typeof value === 'string') return [{ name, text: value }];
  if (depth === DEPTH_MAX) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => stringsIn(item, name, depth + 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([member, inner]) => stringsIn(inner, member, depth + 1));
}
