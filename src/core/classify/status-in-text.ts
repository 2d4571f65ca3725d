import { openEnvelope, WRAPPED } from './error-body.ts';
import { isPage, plainWords } from './plain-words.ts';
import { httpOfNumber } from './http-status.ts';

/** Longest text looked at, in UTF-16 units: an answer of the API is far shorter, a pasted log may not be. */
export const LONGEST_TEXT = 65_536;

/**
 * What wraps a text without being part of it: zero bytes of one that Windows wrote as UTF-16, the frame that a terminal
 * program draws around an error, and the ends of the pieces in which Node prints a long string.
 */
const WRAPPING: readonly (readonly [RegExp, string])[] = [
  [/\0/g, ''],
  [/[ \t]{0,200}[│┃║]\r?\n[ \t]{0,40}[│┃║][ \t]?/g, ' '],
  [/' \+\r?\n[ \t]{0,40}'/g, ''],
];

/** The part of a text that is looked at. */
export function readable(text: string): string {
  return WRAPPING.reduce((kept, [wrapping, instead]) => kept.replace(wrapping, instead), text.slice(0, LONGEST_TEXT));
}

/** Status words and reason phrases as people and libraries write them; the first row that occurs wins. */
const PHRASES: readonly (readonly [number, RegExp])[] = [
  [400, /\b(?:bad request|invalid_?argument|failed_?precondition)\b/],
  [401, /\b(?:unauthorized|unauthenticated)\b/],
  [402, /\bpayment[_ ]?required\b/],
  [403, /\b(?:forbidden|permission[_ ]?denied)\b/],
  [404, /\bnot_found\b/],
  [408, /\brequest timeout\b/],
  [429, /\b(?:too many requests|resource[_ ]?exhausted)\b/],
  [504, /\b(?:gateway time-?out|deadline[_ ]?exceeded)\b/],
  [502, /\bbad gateway\b/],
  [503, /\b(?:service )?unavailable\b/],
  [500, /\binternal (?:server error|error (?:has )?(?:occurred|encountered))\b/],
];
const PREPAID = /prepay/;

/** A count of something, not a status. */
const NO_UNIT = String.raw`(?![\d.:/-]*\d|\s?(?:ms|s|sec|secs|seconds|minutes|tokens?|requests|times|bytes|[km]b)\b)`;

/** A number that the words beside it call a status, in lower case; the order is by how plainly they do. */
const NUMBERED: readonly RegExp[] = [
  /\[([2-5]\d\d)(?: [a-z' ]{2,40})?\]/g,
  /\bhttp(?:error)?\W{0,3}(?:status\W{0,3})?(?:code\W{0,3})?([2-5]\d\d)\b/g,
  new RegExp(
    String.raw`(?:status|error|code|exception|response|erreur|fehler|errore|erro)\W{1,4}([2-5]\d\d)\b${NO_UNIT}`,
    'g',
  ),
  /(?<![\w.-])([45]\d\d)\W{1,3}(?:[a-z]+_[a-z_]+|bad request|unauthorized|payment required|forbidden|not found|too many|resource exhausted|internal|server error|bad gateway|service unavailable|gateway timeout|deadline exceeded|unauthenticated|unavailable)\b/g,
  /(?:exhausted|denied|unauthenticated|unauthorized|forbidden|argument|unavailable|exceeded|notfound|failed): ([45]\d\d)\b/g,
  /\(([45]\d\d)\)/g,
  new RegExp(String.raw`^\W{0,8}([45]\d\d)\b${NO_UNIT}`, 'g'),
  new RegExp(
    String.raw`\b(?:get|got|gets|getting|receive|received|return|returned|returns|answers|answered|says|throws)(?: an?)? ([45]\d\d)\b${NO_UNIT}`,
    'g',
  ),
  new RegExp(
    String.raw`(?<!length|limit|max|tokens|timeout|count|line|port|dur)[:|] ([45]\d\d)\b${NO_UNIT}(?= [|a-z])`,
    'g',
  ),
];

/**
 * The HTTP status that a pasted text speaks of, or `undefined`. A status line beats the code in a quoted body, that
 * beats a number in prose, that beats a status word. What a model wrote in a quoted answer is not looked at.
 */
export function statusIn(text: string): number | undefined {
  const bounded = readable(text);
  const line = [...bounded.matchAll(/^(?:< )?HTTP\/\d(?:\.\d)? ([2-5]\d\d)\b/gim)].at(-1);
  if (line !== undefined) return Number(line[1]);
  if (isPage(bounded)) return statusOfWords(plainWords(bounded));
  const envelope = openEnvelope(bounded);
  const named = envelope.status;
  if (named !== undefined && named !== WRAPPED) return named;
  return statusOfWords(plainWords([envelope.prose, ...envelope.messages].join(' '))) ?? named;
}

function statusOfWords(words: string): number | undefined {
  const grpc = /\bgrpc[_-]status\W{1,4}(\d{1,2})\b/.exec(words);
  if (grpc !== null) return httpOfNumber(Number(grpc[1]));
  const number = numberedIn(words);
  if (number !== undefined) return number;
  const status = PHRASES.find(([, phrase]) => phrase.test(words))?.[0];
  // One status word for two HTTP codes: gRPC has none for "pay first" (measured since September 2026).
  return status === 429 && PREPAID.test(words) ? 402 : status;
}

/** The first number that is called a status; one that stands for another only where there is no other. */
function numberedIn(words: string): number | undefined {
  let wrapped: number | undefined;
  for (const pattern of NUMBERED)
    for (const [, digits] of words.matchAll(pattern)) {
      const status = Number(digits);
      if (status !== WRAPPED) return status;
      wrapped = status;
    }
  return wrapped;
}
