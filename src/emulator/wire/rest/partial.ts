import { isJsonObject } from './json-body.ts';

/** Which fields of an answer are wanted, each with which of its own; an empty map is all of it. */
type Wanted = ReadonlyMap<string, Wanted>;

/**
 * What the system parameter `fields` leaves of an answer: `name,etag`, `secrets(name,labels/team)`, `secrets/name`, `*`
 * (cloud.google.com/apis/docs/system-parameters). A field that is not set is left out; Google refuses one that cannot
 * be, which is not known here. `undefined` when the mask cannot be read.
 */
export function partial(answer: unknown, mask: string): unknown {
  const wanted = wantedOf(mask);
  return wanted && picked(answer, wanted);
}

function picked(value: unknown, wanted: Wanted): unknown {
  if (wanted.size === 0) return value;
  if (Array.isArray(value)) return value.map((entry: unknown) => picked(entry, wanted));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const inside = wanted.get(name) ?? wanted.get('*');
    return inside === undefined ? [] : [[name, picked(inner, inside)]];
  });
  return Object.fromEntries(kept);
}

function wantedOf(mask: string): Wanted | undefined {
  const tokens = mask.match(/[\w@.*-]+|[(),/]/g) ?? [];
  if (tokens.join('') !== mask.replace(/\s/g, '')) return undefined;
  let next = 0;
  const take = (token: string): boolean => {
    const fits = tokens[next] === token;
    if (fits) next += 1;
    return fits;
  };
  const one = (): readonly [string, Wanted] | undefined => {
    const name = tokens[next];
    next += 1;
    if (name === undefined || /^[(),/]$/.test(name)) return undefined;
    if (!take('/')) {
      const inside = take('(') ? bracketed() : new Map<string, Wanted>();
      return inside && [name, inside];
    }
    const below = one();
    return below && [name, new Map([below])];
  };
  const list = (): Wanted | undefined => {
    const fields = new Map<string, Wanted>();
    do {
      const field = one();
      if (field === undefined) return undefined;
      fields.set(...field);
    } while (take(','));
    return fields;
  };
  const bracketed = (): Wanted | undefined => {
    const inside = list();
    return take(')') ? inside : undefined;
  };
  const fields = list();
  return next === tokens.length ? fields : undefined;
}
