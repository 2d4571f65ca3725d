/** A member of a JSON object as it stands in the text. */
export interface RawMember {
  readonly name: string;
  /** The member from its name to the end of its value, byte for byte, such as `"n" : 1.0`. */
  readonly text: string;
  readonly value: string;
}

/** The members of an object in their order, also where two have one name. `text` must be JSON: nothing is checked here. */
export function membersOf(text: string): readonly RawMember[] {
  return partsOf(text).flatMap(({ from, colon, to }) => {
    if (colon < 0) return [];
    const name: unknown = JSON.parse(text.slice(from, colon));
    return [{ name: String(name), text: text.slice(from, to).trim(), value: text.slice(colon + 1, to).trim() }];
  });
}

/** The items of a list as they stand in the text. `text` must be JSON. */
export function itemsOf(text: string): readonly string[] {
  return partsOf(text).map(({ from, to }) => text.slice(from, to).trim());
}

interface RawPart {
  readonly from: number;
  /** The colon behind a member's name; an item of a list has none that counts. */
  readonly colon: number;
  readonly to: number;
}

/** Strings whole, so that no mark inside one is taken for structure, and the marks that are structure. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/** Where the outermost members or items of a text begin and end. */
function partsOf(text: string): readonly RawPart[] {
  const parts: RawPart[] = [];
  let depth = 0;
  let from = 0;
  let colon = -1;
  const end = (to: number): void => {
    if (text.slice(from, to).trim() !== '') parts.push({ from, colon, to });
    [from, colon] = [to + 1, -1];
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth += 1;
      if (depth === 1) from = index + 1;
    } else if (token === '}' || token === ']') {
      if (depth === 1) end(index);
      depth -= 1;
    } else if (depth === 1 && token === ',') end(index);
    else if (depth === 1 && token === ':' && colon < 0) colon = index;
  }
  return parts;
}
