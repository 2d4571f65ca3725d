/** A JSON value as far as it could be read. A string that the text ended in carries a final `…`. */
export type Loose = string | number | boolean | null | readonly Loose[] | LooseObject;
export interface LooseObject {
  readonly [name: string]: Loose;
}

export interface LooseReading {
  readonly value: Loose;
  /** Index after the value. */
  readonly end: number;
  /** The text ended before the value did. */
  readonly cut: boolean;
}

interface Cursor {
  readonly text: string;
  at: number;
  cut: boolean;
}

/** Deeper containers are not looked into: no answer nests like that, and the stack is finite. */
const MAX_DEPTH = 64;
const MAX_BARE = 256;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
]);
const CLOSERS = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”“"'],
  ['”', '”“"'],
  ['‘', "’‘'"],
  ['’', "’‘'"],
]);

/**
 * Reads the object or array at `start`. JSON is read as JSON.parse does; so is what becomes of it on the way to a
 * person: cut off anywhere, Python's repr, bare names, typographic quotes, a line break or a quote inside a string.
 * Never fails, and looks at each character a bounded number of times.
 */
export function readLoosely(text: string, start: number): LooseReading {
  const cursor = { text, at: start, cut: false };
  const value = containerAt(cursor, 0);
  return { value, end: cursor.at, cut: cursor.cut };
}

/** Undoes one level of JSON or Python string escapes. */
export function unescapeOnce(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (...groups: readonly string[]) => {
    const [, unicode, hex, character = ''] = groups;
    const code = unicode ?? hex;
    return code === undefined ? (named[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16));
  });
}

export function isList(value: Loose | undefined): value is readonly Loose[] {
  return Array.isArray(value);
}

/** For what JSON.parse made: its objects and arrays hold nothing else than more of the same. */
export function isContainer(value: unknown): value is LooseObject | readonly Loose[] {
  return typeof value === 'object' && value !== null;
}

export function isObject(value: Loose | undefined): value is LooseObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function containerAt(cursor: Cursor, depth: number): Loose {
  const isArray = cursor.text.charAt(cursor.at) === '[';
  const items: Loose[] = [];
  const entries: [string, Loose][] = [];
  let name: string | undefined;
  cursor.at += 1;
  for (let next = peek(cursor); next !== '}' && next !== ']'; next = peek(cursor)) {
    if (next === '') {
      cursor.cut = true;
      break;
    }
    if (next === ':' || next === ',') cursor.at += 1;
    if (next === ',') name = undefined;
    const value = valueAt(cursor, depth);
    if (value === undefined) continue;
    if (isArray) items.push(value);
    else if (next === ':' && name !== undefined) entries.push([name, value]);
    name = typeof value === 'string' && next !== ':' ? value : undefined;
  }
  if (!cursor.cut) cursor.at += 1;
  return isArray ? items : Object.fromEntries(entries);
}

/** `undefined` where no value stands, and for a bare word that the text ended in: `40` may have been `403`. */
function valueAt(cursor: Cursor, depth: number): Loose | undefined {
  const first = peek(cursor);
  const closers = CLOSERS.get(first);
  if (closers !== undefined) return stringAt(cursor, closers);
  if (first === '{' || first === '[') {
    if (depth < MAX_DEPTH) return containerAt(cursor, depth + 1);
    cursor.at = cursor.text.length;
  }
  return bareAt(cursor);
}

function bareAt(cursor: Cursor): Loose | undefined {
  const window = cursor.text.slice(cursor.at, cursor.at + MAX_BARE);
  const length = /[\s{}[\],:"'“”‘’]/.exec(window)?.index ?? window.length;
  const bare = window.slice(0, length);
  cursor.at += length;
  if (length === 0 || cursor.at === cursor.text.length) return undefined;
  const word = WORDS.get(bare);
  if (word !== undefined) return word;
  return NUMBER.test(bare) ? Number(bare) : bare;
}

/** A quote closes only where a value may end, so that an apostrophe in a message does not. */
function stringAt(cursor: Cursor, closers: string): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  const ending = /\s*(?:[,:}\]]|$)/y;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (closers.includes(character)) {
      ending.lastIndex = at + 1;
      if (!ending.test(text)) continue;
      cursor.at = at + 1;
      return unescapeOnce(text.slice(start, at));
    }
  }
  cursor.at = text.length;
  return `${unescapeOnce(text.slice(start))}…`;
}

/** The next character that is not white space, or the empty string at the end. */
function peek(cursor: Cursor): string {
  while (/\s/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
  return cursor.text.charAt(cursor.at);
}
