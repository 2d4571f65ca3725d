import type { KeyText } from './key-text.ts';
import { spelled, spelledRun } from './spelled.ts';

const KEY = '[redacted key]';
const ADDRESS = '[redacted address]';

/** Shorter stored values are words such as `test`; replacing those everywhere would only garble a message. */
const SHORTEST_EXACT = 8;

/**
 * Credentials by shape. Keys may end in `-`, so no word boundary closes them (trufflehog#4649, gitleaks#1481), and the
 * lengths are not documented, so even a stump goes. A value already redacted is left as it is.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(spelled('AIza') + spelledRun(String.raw`\w-`, 4, 35), 'g'), KEY],
  [new RegExp(String.raw`(?<!\bF)${spelled('AQ.')}${spelledRun(String.raw`\w.-`, 8, 50)}`, 'g'), KEY],
  [/ya29\.[\w.-]+/g, KEY],
  [/whsec_[\w+/=-]+/g, KEY],
  [/((?:[?&]|\\u0026|&amp;)key=)(?!\[redacted)[^&\s"'<>\\]+/gi, `$1${KEY}`],
  [/(api[_-]?key\\?["']?[:=]\\?["']?)(?!\[redacted)[^\s"'&<>\\]+/gi, `$1${KEY}`],
  [/(api[_-]?key\\?["']?\s{0,4}[:=]\s{1,4}\\{0,15}["'])(?!\[redacted)[^"'\\]+/gi, `$1${KEY}`],
  // What libraries quote that refuse to put a key with a newline into a header.
  [/((?:header|string) value:? b?\\?["'])(?!\[redacted|bearer ?['"])[^"'\\\n]+/gi, `$1${KEY}`],
  [/(headers\.(?:append|set): \\?")(?!\[redacted)[^"\\\n]+/gi, `$1${KEY}`],
  [/(invalid api key: )(?!\[redacted)[^\s"'&<>\\]+/gi, `$1${KEY}`],
  [/(x-goog-api-key\\?["']?\s{0,8}[:=,]\s{0,8}\\?["']?)(?!\[redacted)[^\s"',\\}\]]+/gi, `$1${KEY}`],
  [
    /(authorization\\?["']?\s{0,8}[:=,]\s{0,8}\\?["']?(?:bearer|basic)\s{1,8})(?!\[redacted)[^\s"',\\}\]]+/gi,
    `$1${KEY}`,
  ],
];

/** Without one of these a text spells every character as it is, and the costly look for other spellings is spared. */
const DISGUISE = /[%\\&\n\u00ad\u200b-\u200d\u2060\ufeff]/;

/** Google's texts about an IP restriction name the caller's own address. */
const TELLS_ADDRESS = /IP address|callerIp|originating IP/i;
const ADDRESSES = [
  /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?![\w:])/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w)/g,
];

/**
 * Takes out of a text whatever may be a key (I9): the key that was sent and anything key-shaped, in whatever
 * spelling, and in IP-restriction messages the caller's address. Redacting twice changes nothing.
 */
export function redact(text: string, exactKey?: KeyText): string {
  let clean = text;
  for (const spelling of exactKey === undefined ? [] : spellingsOf(exactKey.reveal(), DISGUISE.test(text))) {
    clean = clean.replaceAll(spelling, KEY);
  }
  for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
  if (TELLS_ADDRESS.test(clean)) for (const address of ADDRESSES) clean = clean.replace(address, ADDRESS);
  return clean;
}

function spellingsOf(key: string, disguised: boolean): readonly (string | RegExp)[] {
  const trimmed = key.trim();
  if (trimmed.length < SHORTEST_EXACT) return [];
  const encoded = encodeURIComponent(trimmed.toWellFormed());
  const plain = [trimmed, encoded, encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())];
  return disguised ? [...plain, new RegExp(spelled(trimmed), 'g')] : plain;
}
