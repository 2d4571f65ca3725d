import { keysIn, type Stretch } from './find-keys.ts';
import { KEY_PREFIXES, type KeyText } from './key-text.ts';
import { isDisguised, mayHold, undisguised, type Undisguised } from './undisguised.ts';

const KEY = '[redacted key]';
const ADDRESS = '[redacted address]';

/** Shorter stored values are words such as `test`; replacing those everywhere would only garble a message. */
const SHORTEST_EXACT = 8;

/**
 * Other credentials by shape, and what stands where keys stand. A value already redacted is left as it is. Base64 of a
 * key is told by its prefix in each of the three places where an encoding can begin.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/(?:QUl6Y[Q-Za-f]|FJem[E-H]|BSXph)[\w+/-]{8,}={0,2}/g, KEY],
  [/(?:QVEu|FRL[g-v]|BUS[45])[\w+/-]{24,}={0,2}/g, KEY],
  [/ya29\.[\w.-]+/g, KEY],
  [/whsec_[\w+/=-]+/g, KEY],
  [/((?:[?&]|\\u0026|&amp;)key=)(?!\[redacted)[^&\s"'<>\\]+/gi, `$1${KEY}`],
  [/(api[_-]?key\\?["']?[:=]\\?["']?)(?!\[redacted|%s|\$[\w{(])[^\s"'&<>\\]+/gi, `$1${KEY}`],
  [/(api[_-]?key\\?["']?\s{0,4}[:=]\s{1,4}\\{0,15}["'])(?!\[redacted)[^"'\\]+/gi, `$1${KEY}`],
  // What libraries quote that refuse to put a key with a newline into a header.
  [/((?:header|string) value:? b?\\?["'])(?!\[redacted|bearer ?['"])[^"'\\\n]+/gi, `$1${KEY}`],
  [/(headers\.(?:append|set): \\?")(?!\[redacted)[^"\\\n]+/gi, `$1${KEY}`],
  [/(invalid api key: )(?!\[redacted)[^\s"'&<>\\]+/gi, `$1${KEY}`],
  [/(x-goog-api-key\\?["']?\s{0,8}[:=,]\s{0,8}\\?["']?)(?!\[redacted|%s|\$[\w{(])[^\s"',\\}\]]+/gi, `$1${KEY}`],
  [
    /(authorization\\?["']?\s{0,8}[:=,]\s{0,8}\\?["']?(?:bearer|basic)\s{1,8})(?!\[redacted)[^\s"',\\}\]]+/gi,
    `$1${KEY}`,
  ],
];

/** Google's texts about an IP restriction name the caller's own address. */
const TELLS_ADDRESS = /IP address|callerIp|originating IP/i;
const ADDRESSES = [
  /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?![\w:])/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w)/g,
];

/**
 * Takes out of a text whatever may be a key (I9): the key that was sent and anything key-shaped, in whatever
 * spelling, and in IP-restriction messages the caller's address. Redacting twice changes nothing. Linear: the text is
 * read once, and no expression can look at a character more often than a fixed number of times.
 */
export function redact(text: string, exactKey?: KeyText): string {
  if (text === '') return text;
  let clean = exactKey === undefined ? text : withoutExact(text, exactKey.reveal().trim());
  clean = withoutShaped(clean);
  for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
  if (TELLS_ADDRESS.test(clean)) for (const address of ADDRESSES) clean = clean.replace(address, ADDRESS);
  return clean;
}

function withoutShaped(text: string): string {
  if (!mayHold(text, Object.values(KEY_PREFIXES))) return text;
  const read = undisguised(text);
  return replaced(text, read, keysIn(read));
}

function withoutExact(text: string, key: string): string {
  if (key.length < SHORTEST_EXACT) return text;
  const encoded = encodeURIComponent(key.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  let clean = text;
  for (const spelling of new Set([key, encoded, lower])) clean = clean.replaceAll(spelling, KEY);
  if (!isDisguised(clean)) return clean;
  const read = undisguised(clean);
  return replaced(clean, read, stretchesOf(undisguised(key).plain, read.plain));
}

function stretchesOf(part: string, whole: string): readonly Stretch[] {
  if (part.length < SHORTEST_EXACT) return [];
  const found: Stretch[] = [];
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + part.length))
    found.push([at, at + part.length]);
  return found;
}

function replaced(text: string, { starts, ends }: Undisguised, stretches: readonly Stretch[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const [from, to] of stretches) {
    pieces.push(text.slice(done, starts[from]), KEY);
    done = Number(ends[to - 1]);
  }
  return stretches.length === 0 ? text : pieces.join('') + text.slice(done);
}
