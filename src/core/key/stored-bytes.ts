import { STORE_PASTED } from '../google/gcloud.ts';
import type { Instruction } from '../values/command.ts';
import { keyInBase64 } from './base64-key.ts';
import { isRecord, parseJson, type JsonRecord } from '../values/json.ts';
import { KeyText } from './key-text.ts';
import { plural } from '../values/plural.ts';

/** What can be wrong with the bytes of a secret before anybody asks Google about the key inside. */
export type LintKind =
  | 'empty'
  | 'binary'
  | 'utf16'
  | 'byte_order_mark'
  | 'invisible_characters'
  | 'surrounding_whitespace'
  | 'quoted'
  | 'base64'
  | 'assignment'
  | 'json_wrapped'
  | 'service_account_json'
  | 'several_keys'
  | 'line_wrapped'
  | 'stray_punctuation'
  | 'not_one_word'
  | 'placeholder'
  | 'too_long';

/** One finding. Neither text holds a byte of the payload (I9). */
export interface LintFinding {
  readonly kind: LintKind;
  readonly says: string;
  readonly cure: Instruction;
}

/** The verdict on stored bytes: `key` is what to probe, absent when the bytes hold nothing that could be sent. */
export interface StoredText {
  readonly findings: readonly LintFinding[];
  readonly key: KeyText | undefined;
}

/** Longer than this no front end accepts in one header; the length of an auth key itself is not documented. */
const CHARACTERS_MAX = 8192;

/** What mends most of it; the names are filled in where the finding is shown. */
function cleanCopy(before = ''): Instruction {
  return { do: `${before}store the key alone as a new version`, command: STORE_PASTED };
}

/**
 * Finds what keeps stored bytes from being a usable key, and the key inside them if there is one. Each layer (encoding,
 * white space, quotes, assignment, base64, JSON) is taken off and named; the shape of what remains never condemns it.
 */
export function lintStoredBytes(bytes: Uint8Array): StoredText {
  const findings: LintFinding[] = [];
  const decoded = decode(bytes, findings);
  if (decoded === undefined) return { findings, key: undefined };
  const text = unwrap(decoded, findings, 0);
  if (text === undefined) return { findings, key: undefined };
  const word = oneWord(text, findings);
  return { findings, key: word === undefined ? undefined : new KeyText(word) };
}

/** Bytes to text of printable ASCII and white space; `undefined` when that cannot be. */
function decode(bytes: Uint8Array, findings: LintFinding[]): string | undefined {
  const utf16 = utf16Text(bytes);
  if (utf16 !== undefined) {
    findings.push({
      kind: 'utf16',
      says: 'the value is stored as UTF-16',
      cure: cleanCopy('a PowerShell redirect does that; '),
    });
  }
  let text = utf16 ?? bytes.reduce((read, byte) => read + String.fromCharCode(byte), '');
  if (text.startsWith('\u00ef\u00bb\u00bf')) {
    text = text.slice(3);
    findings.push({ kind: 'byte_order_mark', says: 'the value starts with a byte order mark', cure: cleanCopy() });
  }
  const visible = text.replaceAll(INVISIBLE, '');
  if (visible !== text) {
    findings.push({
      kind: 'invisible_characters',
      says: 'the value holds characters that do not show (no-break space, zero-width space) or typographic quotes',
      cure: cleanCopy('it was pasted from a web page or a document; copy it from AI Studio again and '),
    });
  }
  if (/^[\x20-\x7e\t\r\n]*$/.test(visible)) return visible;
  findings.push({
    kind: 'binary',
    says: `the value (${bytes.length} bytes) holds bytes that no request header can carry`,
    cure: cleanCopy('find out what was stored here; '),
  });
  return undefined;
}

/** No-break space, zero-width characters and typographic quotes, as their UTF-8 bytes read one by one. */
const INVISIBLE = /\u00c2\u00a0|\u00e2\u0080[\u008b-\u008f\u0098-\u009f\u00a8\u00a9]|\u00ef\u00bb\u00bf/g;

function utf16Text(bytes: Uint8Array): string | undefined {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe;
  const bare = bytes.length > 2 && bytes.length % 2 === 0 && bytes.every((byte, at) => (at % 2 === 1) === (byte === 0));
  if (!marked && !bare) return undefined;
  return Array.from(bytes.subarray(marked ? 2 : 0))
    .filter((_, at) => at % 2 === 0)
    .map((byte) => String.fromCharCode(byte))
    .join('');
}

/** How deep wrappings may nest (`GEMINI_API_KEY="{…}"`) before the text is taken as it is. */
const LAYERS_MAX = 4;

/** Takes wrappings off from outside to inside, naming each; `undefined` when nothing sendable is inside. */
function unwrap(text: string, findings: LintFinding[], layer: number): string | undefined {
  const trimmed = text.trim();
  if (trimmed !== text && trimmed !== '') findings.push(whitespaceFinding(text));
  if (trimmed === '') {
    findings.push({ kind: 'empty', says: 'the value is empty or only white space', cure: cleanCopy() });
    return undefined;
  }
  if (layer === LAYERS_MAX) return trimmed;
  const quoted = /^(["'`])([\s\S]*)\1$/.exec(trimmed);
  if (quoted?.[2] !== undefined) {
    findings.push({
      kind: 'quoted',
      says: 'the value is wrapped in quotes',
      cure: cleanCopy('without the quotes, '),
    });
    return unwrap(quoted[2], findings, layer + 1);
  }
  // The name is bounded, so that no 64 KiB of text make this slow.
  const assigned =
    /^(?:export\s+|set\s+|\$env:)?(?:\w{0,64}(?:key|token)\w{0,64}\s*[=:]|x-goog-api-key\s*:|bearer\s)([\s\S]*)$/i.exec(
      trimmed,
    );
  if (assigned?.[1] !== undefined) {
    findings.push({
      kind: 'assignment',
      says: 'the value holds the name of a variable or header in front of the key',
      cure: cleanCopy('without the part before the key, '),
    });
    return unwrap(assigned[1], findings, layer + 1);
  }
  const inside = keyInBase64(trimmed);
  if (inside !== undefined) {
    findings.push({
      kind: 'base64',
      says: 'the value is a key in base64',
      cure: cleanCopy('in Kubernetes, put the key as it is under stringData, or encode it once; in Secret Manager, '),
    });
    return unwrap(inside, findings, layer + 1);
  }
  return unwrapJson(trimmed, findings, layer);
}

function unwrapJson(text: string, findings: LintFinding[], layer: number): string | undefined {
  const value = parseJson(text);
  if (!isRecord(value) && !Array.isArray(value)) return text;
  if (isRecord(value) && (value['type'] === 'service_account' || 'private_key' in value)) {
    findings.push({
      kind: 'service_account_json',
      says: 'the value is the key file of a service account, which the Gemini API does not take as an API key',
      cure: {
        do: 'make an API key (console: APIs & Services > Credentials, or AI Studio) and store that; revoke the key file if it is not needed',
      },
    });
    return undefined;
  }
  const strings = stringsIn(value);
  const [only] = strings;
  if (strings.length === 1 && only !== undefined) {
    findings.push({
      kind: 'json_wrapped',
      says: 'the value is JSON with the key inside',
      cure: cleanCopy('if your consumers do not parse it, '),
    });
    return unwrap(only, findings, layer + 1);
  }
  const kind = strings.length > 1 ? 'several_keys' : 'json_wrapped';
  findings.push({
    kind,
    says: `the value is JSON with ${strings.length} texts that could be the key`,
    cure: cleanCopy('choose one key and '),
  });
  return undefined;
}

/** Texts without a space, long enough to be a key; a project id beside the key is not mistaken for one. */
function stringsIn(value: JsonRecord | readonly unknown[]): readonly string[] {
  return Object.values(value).filter(
    (item): item is string => typeof item === 'string' && /^\S{20,}$/.test(item.trim()),
  );
}

function oneWord(text: string, findings: LintFinding[]): string | undefined {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const prefixed = words.filter((word) => /^(AIza|AQ\.)/.test(word));
  if (prefixed.length > 1) {
    findings.push({
      kind: 'several_keys',
      says: `the value holds ${prefixed.length} keys`,
      cure: cleanCopy('consumers expect one: choose it and '),
    });
    return undefined;
  }
  if (words.length !== 1 && (prefixed.length === 0 || prefixed[0] !== words[0])) {
    findings.push({
      kind: 'not_one_word',
      says: `the value is ${words.length} words, which cannot be one key`,
      cure: cleanCopy('find out what was stored here; '),
    });
    return undefined;
  }
  if (words.length > 1) {
    findings.push({
      kind: 'line_wrapped',
      says: `the key is broken into ${words.length} pieces`,
      cure: cleanCopy('join the pieces and '),
    });
  } else if (words[0] !== text) {
    findings.push({
      kind: 'stray_punctuation',
      says: 'a comma or semicolon stands beside the key',
      cure: cleanCopy('without it, '),
    });
  }
  const word = words.join('');
  if (word.length > CHARACTERS_MAX) {
    findings.push({
      kind: 'too_long',
      says: `the value is ${word.length} characters, more than a request header carries`,
      cure: cleanCopy('find out what was stored here; '),
    });
    return undefined;
  }
  if (PLACEHOLDER.test(word)) {
    findings.push({
      kind: 'placeholder',
      says: 'the value looks like a placeholder that was never replaced',
      cure: cleanCopy('with a real key, '),
    });
  }
  return word;
}

const PLACEHOLDER =
  /^(?:<.*>|\$?\{.*\}|\$\(.*\)|%.*%|.*(?:your|insert|replace|enter)[-_ ]?(?:me|(?:gemini[-_]?|google[-_]?)?(?:api[-_]?)?key).*|change[-_]?me|todo|tbd|none|null|undefined|dummy|test|example|placeholder|secret|(?:AIza(?:Sy)?|AQ\.)?[xX*.0]{3,})$/i;

function whitespaceFinding(text: string): LintFinding {
  const before = text.length - text.trimStart().length;
  const after = text.length - text.trimEnd().length;
  const places = [
    ...(before > 0 ? [`${plural(before, 'character')} of white space before the key`] : []),
    ...(after > 0 ? [`${plural(after, 'character')} of white space after it`] : []),
  ];
  return {
    kind: 'surrounding_whitespace',
    says: `the value has ${places.join(' and ')}${/[\r\n]$/.test(text) ? ': it ends in a newline' : ''}`,
    cure: cleanCopy('echo adds a newline, printf %s does not; '),
  };
}
