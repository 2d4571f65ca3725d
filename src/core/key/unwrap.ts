import { keyInBase64 } from './base64-key.ts';
import { finding, type LintFinding, type LintKind } from './lint-finding.ts';
import { isWholeShape } from './key-shape.ts';
import { keyRunsIn } from './key-runs.ts';
import { stringsIn } from './json-strings.ts';
import { isRecord, parseJson } from '../values/json.ts';
import { plural } from '../values/plural.ts';

/** What is left of a value without its wrappings, and each wrapping's name; `undefined` when nothing sendable is inside. */
export interface Unwrapped {
  readonly inside: string | undefined;
  readonly findings: readonly LintFinding[];
}

/** How deep wrappings may nest (`GEMINI_API_KEY="{…}"`) before the text is taken as it is. */
const LAYERS_MAX = 4;

/** Wrappings that consumers parse on purpose. */
export const DOCUMENTS: readonly LintKind[] = ['json_wrapped', 'env_file'];

/** Takes wrappings off from outside to inside, naming each. Every layer looks at each character a bounded number of times. */
export function unwrap(text: string, layer = 0): Unwrapped {
  const [start, end] = edgesOf(text);
  const trimmed = text.slice(start, end);
  const edges = trimmed === '' ? [] : whitespaceFindings(text, start, text.length - end);
  if (trimmed === '')
    return { inside: undefined, findings: [finding('empty', 'the value is empty or only white space')] };
  if (isWholeShape(trimmed) || layer === LAYERS_MAX) return { inside: trimmed, findings: edges };
  const peeled = peel(trimmed);
  if (peeled === undefined) return { inside: trimmed, findings: edges };
  // White space around a document is no part of any value in it.
  const around = peeled.findings.some(({ kind }) => DOCUMENTS.includes(kind)) ? [] : edges;
  if (peeled.inside === undefined) return { inside: undefined, findings: [...around, ...peeled.findings] };
  const deeper = unwrap(peeled.inside, layer + 1);
  return { inside: deeper.inside, findings: [...around, ...peeled.findings, ...deeper.findings] };
}

/** One wrapping less, or `undefined` where there is none. */
function peel(text: string): Unwrapped | undefined {
  return quoted(text) ?? envFile(text) ?? assigned(text) ?? inBase64(text) ?? inHex(text) ?? inJson(text);
}

function quoted(text: string): Unwrapped | undefined {
  const inside = /^(["'`])([\s\S]*)\1$/.exec(text)?.[2];
  if (inside === undefined) return undefined;
  return {
    inside,
    findings: [finding('quoted', 'the value is wrapped in quotes', 'without the quotes, ')],
  };
}

/** The names are bounded, so that no 64 KiB of text make this slow. */
const NAME = String.raw`(?:export[ \t]+|set[ \t]+|\$env:|ENV[ \t]+|-e[ \t]+|-[ \t]+)?["']?[A-Za-z_][\w.-]{0,80}["']?[ \t]*[=:]`;
const LINE = new RegExp(String.raw`^[ \t]*${NAME}(.*)$`, 'i');
const OTHER_LINE = /^[ \t]*(?:#.*|\/\/.*|---|\.\.\.|\[[\w. -]*\])?$/;

/** Several lines, each an assignment: an env file, YAML, an INI file. */
function envFile(text: string): Unwrapped | undefined {
  const lines = text.split(/\r?\n/);
  const values = lines.flatMap((line) => LINE.exec(line)?.slice(1) ?? []);
  const others = lines.filter((line) => !LINE.test(line) && !OTHER_LINE.test(line));
  if (lines.length < 2 || values.length === 0 || others.length > 0) return undefined;
  const withKeys = values.filter((value) => keyRunsIn(value).length > 0 || keyInBase64(value.trim()) !== undefined);
  // A key beside the values, such as in a comment, is not for a value to hide.
  if (withKeys.length === 0 && keyRunsIn(text).length > 0) return undefined;
  const named = lines
    .filter((line) => /^[^=:]*(?:gemini|google|key|token)/i.test(line))
    .flatMap((line) => LINE.exec(line)?.[1] ?? []);
  const [only, ...more] = withKeys.length > 0 ? withKeys : named;
  if (only === undefined) return undefined;
  const says = `the value is ${plural(values.length, 'line')} of variables and their values, with the key in one`;
  const found = [finding('env_file', says, 'if your consumers do not parse it, ')];
  return { inside: [only, ...more].join('\n'), findings: found };
}

const ASSIGNMENT =
  /^(?:export\s+|set\s+|\$env:)?(?:\w{0,64}(?:key|token)\w{0,64}\s*[=:]|x-goog-api-key\s*:|(?:authorization:\s*)?bearer\s)([\s\S]*)$/i;
/** Any name, where a key follows at once. */
const BEFORE_KEY = new RegExp(String.raw`^${NAME}[ \t]*(["']?(?:AIza|AQ\.)[\s\S]*)$`, 'i');

function assigned(text: string): Unwrapped | undefined {
  const inside = (ASSIGNMENT.exec(text) ?? BEFORE_KEY.exec(text))?.[1];
  if (inside === undefined) return undefined;
  const says = 'the value holds the name of a variable or header in front of the key';
  return { inside, findings: [finding('assignment', says, 'without the part before the key, ')] };
}

function inBase64(text: string): Unwrapped | undefined {
  const inside = keyInBase64(text);
  if (inside === undefined) return undefined;
  const cure = 'in Kubernetes, put the key as it is under stringData, or encode it once; in Secret Manager, ';
  return { inside, findings: [finding('base64', 'the value is a key in base64', cure)] };
}

/** Digits in pairs that spell what begins like a key; no other number is taken for one. */
function inHex(text: string): Unwrapped | undefined {
  const pairs = /^(?:41497a61|41512e)(?:[0-9a-f]{2}){16,}$/i.test(text)
    ? [...text.matchAll(/../g)].map(([pair]) => pair)
    : [];
  if (pairs.length === 0) return undefined;
  const inside = pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
  return { inside, findings: [finding('hex', 'the value is a key in hexadecimal digits', 'without them, ')] };
}

function inJson(text: string): Unwrapped | undefined {
  const value = parseJson(text);
  if (!isRecord(value) && !Array.isArray(value)) return undefined;
  if (isRecord(value) && (value['type'] === 'service_account' || 'private_key' in value))
    return { inside: undefined, findings: [SERVICE_ACCOUNT] };
  const strings = stringsIn(value);
  const keys = strings.filter(({ text: string }) => keyRunsIn(string).length > 0);
  const distinct = new Set(keys.flatMap(({ text: string }) => keyRunsIn(string).map(({ characters }) => characters)));
  const [first] = keys;
  if (distinct.size > 1) return { inside: [...distinct].join('\n'), findings: [] };
  if (first !== undefined) return { inside: first.text, findings: [JSON_WRAPPED] };
  const likely = strings.filter(({ text: string }) => /^\S{20,}$/.test(string.trim()));
  const named = strings.filter(({ name, text: string }) => /key|token/i.test(name) && string.trim() !== '');
  const [only, ...more] = likely.length === 1 ? likely : named;
  if (only !== undefined && more.length === 0) return { inside: only.text, findings: [JSON_WRAPPED] };
  const says = `the value is JSON with ${likely.length} texts that could be the key`;
  const kind = likely.length > 1 ? 'several_keys' : 'json_wrapped';
  return { inside: undefined, findings: [finding(kind, says, 'choose one key and ')] };
}

const JSON_WRAPPED = finding(
  'json_wrapped',
  'the value is JSON with the key inside',
  'if your consumers do not parse it, ',
);

const SERVICE_ACCOUNT: LintFinding = {
  kind: 'service_account_json',
  says: 'the value is the key file of a service account, which the Gemini API does not take as an API key',
  cure: {
    do: 'make an API key (console: APIs & Services > Credentials, or AI Studio) and store that; revoke the key file if it is not needed',
  },
};

/** White space of ASCII; what only looks like it is named with the other strays. */
const SPACE = ' \t\r\n';

/** Where the text begins and ends without it. Counted by hand: an expression for the end would look at each run anew. */
function edgesOf(text: string): readonly [start: number, end: number] {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.includes(text.charAt(start))) start += 1;
  while (end > start && SPACE.includes(text.charAt(end - 1))) end -= 1;
  return [start, end];
}

function whitespaceFindings(text: string, before: number, after: number): readonly LintFinding[] {
  const places = [
    ...(before > 0 ? [`${plural(before, 'character')} of white space before the key`] : []),
    ...(after > 0 ? [`${plural(after, 'character')} of white space after it`] : []),
  ];
  if (places.length === 0) return [];
  const says = `the value has ${places.join(' and ')}${/[\r\n]$/.test(text) ? ': it ends in a newline' : ''}`;
  return [finding('surrounding_whitespace', says, 'echo adds a newline, printf %s does not; ')];
}
