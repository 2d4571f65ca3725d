/** What a stack says that cannot put a text into a header. Nothing was sent, so Google said nothing. */
export interface HeaderRefusal {
  readonly stack: string;
  /** Matched against `plainWords`; the groups `at` and `code` are the position, from 0, and the character. */
  readonly words: RegExp;
}

/** THE TABLE of keys that no header can carry, in the words of the common stacks. */
export const HEADER_REFUSALS: readonly HeaderRefusal[] = [
  {
    stack: 'JavaScript (fetch, undici)',
    words: /bytestring because the character at index (?<at>\d+) has a value of (?<code>\d+)/,
  },
  {
    stack: 'JavaScript (fetch, undici)',
    words: /cannot convert (?:argument|value|string) to a bytestring|not a valid bytestring/,
  },
  { stack: 'Chrome', words: /string contains non iso-8859-1 code point/ },
  { stack: 'undici', words: /invalid (?:x-goog-api-key|authorization) header\b/ },
  { stack: 'Node', words: /invalid character in header/ },
  { stack: 'Bun', words: /header '?[\w-]{1,40}'? has (?:an )?invalid value|\bis an invalid header value/ },
  { stack: 'Deno', words: /headers\.(?:append|set):/ },
  {
    stack: 'Python',
    words:
      /'?(?:ascii|latin-?1|iso-8859-1)'? codec can't encode characters? (?:'\\+(?:u|x|u000)?(?<hex>[0-9a-f]{2,8})' )?in position (?<at>\d+)/,
  },
  {
    stack: 'Python (requests)',
    words: /invalid leading whitespace, reserved character|return character\(s\) in header/,
  },
  { stack: 'Python (httpx)', words: /illegal header value b/ },
  { stack: 'Python (aiohttp)', words: /(?:newline|carriage return).{0,60} detected in headers/ },
  { stack: 'Python (http.client)', words: /invalid header value b/ },
  { stack: 'Python (grpc)', words: /metadata was invalid/ },
  {
    stack: 'Ruby',
    words:
      /header (?:field )?value (?:cannot|must not) include cr\/?lf|header .{0,40}has field value .{0,200}this cannot include cr\/?lf/,
  },
  { stack: 'PHP (Guzzle)', words: /is not valid header value/ },
  { stack: 'Java (OkHttp)', words: /unexpected char (?:0x)?(?<hex>[0-9a-f]{1,6}) at (?<at>\d+) in [\w-]{1,40} value/ },
  { stack: 'Java', words: /illegal character\(s\) in message header value|invalid header value: / },
  { stack: 'Dart', words: /invalid http header field value/ },
  { stack: 'Go (grpc)', words: /header key .{1,60} contains value with non-printable ascii/ },
  { stack: 'Go', words: /invalid header field value/ },
  { stack: 'Rust', words: /failed to parse header value|invalidheadervalue/ },
  {
    stack: '.NET',
    words:
      /(?:new-?line|non-ascii) characters? (?:are|is) not allowed in header|request headers must contain only ascii/,
  },
  { stack: 'Node (grpc)', words: /metadata string value .{0,200}contains illegal characters/ },
  { stack: 'a library', words: /(?:illegal|invalid) header (?:field )?value|in header values?\b/ },
];

/** The row whose words these are, and what they tell of the character. */
export function headerRefusalIn(
  words: string,
): { readonly stack: string; readonly at?: number; readonly code?: number } | undefined {
  for (const { stack, words: pattern } of HEADER_REFUSALS) {
    const found = pattern.exec(words);
    if (found === null) continue;
    const { at, code, hex } = found.groups ?? {};
    const value = hex === undefined ? Number(code) : Number.parseInt(hex, 16);
    return {
      stack,
      ...(at === undefined ? {} : { at: Number(at) }),
      ...(Number.isNaN(value) ? {} : { code: value }),
    };
  }
  return undefined;
}
