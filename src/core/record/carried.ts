import { isRecord, type JsonRecord } from '../values/json.ts';
import { itemsOf, membersOf, type RawMember } from '../values/raw-json.ts';

/**
 * Which object stands at a path such as `.episode`, where the root is `''`: an object that moves keeps its name, and its
 * fields go with it.
 */
export type ObjectAt = (path: string, root: JsonRecord) => string;

/**
 * The text of `after`, with every field of `text` that `before` does not know carried over byte for byte: a newer release
 * wrote it, and an older one must not erase it. `before` is what was read from `text`, as this release would write it. A
 * field lives as long as the object that holds it; those of the record itself are never dropped.
 */
export function carried(text: string, before: JsonRecord, after: JsonRecord, objectAt: ObjectAt = byPath): string {
  const found = new Map<string, readonly RawMember[]>();
  collect(found, text, before, '', (path) => objectAt(path, before));
  return textOf(found, after, '', (path) => objectAt(path, after));
}

const byPath: ObjectAt = (path) => path;

type At = (path: string) => string;

/** Finds the members that are not known, and the object that each belongs to. */
function collect(found: Map<string, readonly RawMember[]>, text: string, known: unknown, path: string, at: At): void {
  if (Array.isArray(known)) {
    for (const [index, item] of itemsOf(text).entries())
      collect(found, item, known[index], itemPath(path, known[index]), at);
  } else if (isRecord(known)) {
    for (const member of membersOf(text)) {
      const { name, value } = member;
      if (Object.hasOwn(known, name)) collect(found, value, known[name], `${path}.${name}`, at);
      else found.set(at(path), [...(found.get(at(path)) ?? []), member]);
    }
  }
}

/** JSON in which every object is followed by what was found for it; the root by what belongs to the record as well. */
function textOf(found: Map<string, readonly RawMember[]>, value: unknown, path: string, at: At): string {
  if (Array.isArray(value)) return `[${value.map((item) => textOf(found, item, itemPath(path, item), at)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const texts = known.map(([name, inner]) => `${JSON.stringify(name)}:${textOf(found, inner, `${path}.${name}`, at)}`);
  const names = new Set(known.map(([name]) => name));
  for (const object of new Set([at(path), path === '' ? '' : at(path)])) {
    const own = (found.get(object) ?? []).filter(({ name }) => !names.has(name));
    found.delete(object);
    for (const { name, text } of own) {
      texts.push(text);
      names.add(name);
    }
  }
  return `{${texts.join(',')}}`;
}

/** An entry of a list is told by its version, or its id and step: it is the same one at another place of the list. */
function itemPath(path: string, item: unknown): string {
  const { id, version, step = '' } = isRecord(item) ? item : {};
  return `${path}[${String(id ?? version)}${String(step)}]`;
}
