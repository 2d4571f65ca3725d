import { parseJson } from '../values/json.ts';

/** A value in a text that has fields: what stands from `start` to `end`, without the quotes that the form itself asks for. */
export interface FieldValue {
  /** A JSON pointer (RFC 6901) such as `/gemini/apiKey`, or the name of a variable. */
  readonly field: string;
  readonly start: number;
  readonly end: number;
}

/** A longer name is no name, and the journal has to hold it. */
const FIELD_MAX = 200;

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** What is around a token of JSON: an object before or behind a name, or a list at a place. */
interface Container {
  readonly name?: string | undefined;
  readonly place?: number | undefined;
}

/**
 * Every text in a JSON object or list, at any depth; `undefined` for what is neither. `text` is the bytes, one character
 * each: what JSON is made of is ASCII, and of everything else only the names are read.
 */
export function jsonValuesIn(text: string): readonly FieldValue[] | undefined {
  const json = text.replace(/^\u00ef\u00bb\u00bf/, '   ');
  if (!/^\s*[[{]/.test(json) || parseJson(json) === undefined) return undefined;
  const values: FieldValue[] = [];
  const around: Container[] = [];
  for (const { 0: token, index } of json.matchAll(JSON_TOKEN)) {
    const inside = around.at(-1) ?? {};
    if (token === '{') around.push({});
    else if (token === '[') around.push({ place: 0 });
    else if (token === '}' || token === ']') around.pop();
    else if (token === ',') around[around.length - 1] = inside.place === undefined ? {} : { place: inside.place + 1 };
    else if (inside.place === undefined && inside.name === undefined)
      around[around.length - 1] = { name: nameIn(token) };
    else values.push({ field: pointerTo(around), start: index + 1, end: index + token.length - 1 });
  }
  return values.filter(({ field }) => field.length <= FIELD_MAX);
}

function pointerTo(around: readonly Container[]): string {
  return around
    .map(({ name, place }) => `/${(name ?? String(place)).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** A name out of its quotes, its bytes read as UTF-8 where they are. */
function nameIn(token: string): string {
  const name = String(parseJson(token));
  const encoded = name.replaceAll(/[\u0080-\u00ff%]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return name; // no UTF-8
  }
}

/** A line without a value, or a variable with its value, which quotes may stretch over several lines. */
const ENV_LINE =
  /[ \t]*(?:(?:export[ \t]+)?([A-Za-z_][\w.-]{0,199})[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|(?:[^\s#"'`]\S*(?:[ \t]+[^\s#]\S*)*)?)[ \t]*)?(?:#[^\r\n]*)?(?:\r\n|\n|$)/y;

/**
 * Every value in an env file, by the name of its variable: lines of `NAME=value`, with `export`, quotes and comments or
 * without. `undefined` for a text with any other line.
 */
export function envValuesIn(text: string): readonly FieldValue[] | undefined {
  const values: FieldValue[] = [];
  const start = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  ENV_LINE.lastIndex = start;
  for (let from = start; from < text.length; from = ENV_LINE.lastIndex) {
    ENV_LINE.lastIndex = from;
    const line = ENV_LINE.exec(text);
    if (line === null) return undefined;
    const [, field, value] = line;
    if (value === undefined) continue; // a line without a variable
    const at = text.indexOf(value, from + line[0].indexOf('='));
    const quotes = /^["'`]/.test(value) ? 1 : 0;
    values.push({ field: String(field), start: at + quotes, end: at + value.length - quotes });
  }
  return values.length === 0 ? undefined : values;
}
