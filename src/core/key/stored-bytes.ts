import { KeyText } from './key-text.ts';
import { encodedKeysIn, keyRunsIn, type KeyRun, type Certainty } from './key-runs.ts';
import { finding, type LintFinding } from './lint-finding.ts';
import { notAKey } from './not-a-key.ts';
import { decodeStored } from './stored-encoding.ts';
import { strayFindings, withoutColours, withoutStrays } from './stray-characters.ts';
import { surroundingFindings } from './surroundings.ts';
import { unwrap } from './unwrap.ts';

/** A key that may be what was meant, and how sure it is that these are its characters. */
export interface Candidate {
  readonly key: KeyText;
  readonly certainty: Certainty;
}

/** The verdict on stored bytes: `candidates` are what to probe, none when the bytes hold nothing that could be sent. */
export interface StoredText {
  readonly findings: readonly LintFinding[];
  readonly candidates: readonly Candidate[];
  /** The one key that is held; absent when there is none, or more than one. */
  readonly key: KeyText | undefined;
}

/** More are not asked about: each costs a request, and whoever stores more has to choose. */
const CANDIDATES_MAX = 3;
/** What Secret Manager holds at most in a version. */
const BYTES_MAX = 65_536;
/** Longer than this no front end accepts in one header; the length of an auth key itself is not documented. */
const CHARACTERS_MAX = 8192;

/**
 * Finds what keeps stored bytes from being a usable key, and the keys that they may hold. Each wrapping (encoding, white
 * space, quotes, assignment, base64, JSON) is taken off and named, and so is what stands around a key; of the shape of
 * what remains only a closed list says that it is no key.
 */
export function lintStoredBytes(bytes: Uint8Array): StoredText {
  if (bytes.length > BYTES_MAX) return nothing([tooLong(`${bytes.length} bytes, more than a secret holds`)]);
  const { text: decoded, findings: encoding } = decodeStored(bytes);
  const text = withoutColours(decoded);
  const { inside, findings: wrappings } = unwrap(text);
  const outside = [...encoding, ...wrappings];
  if (inside === undefined) return nothing(outside);
  const { findings, runs } = look(inside, text);
  const isBinary = encoding.some(({ kind }) => kind === 'binary');
  const all = [...outside, ...(isBinary ? findings.filter(({ kind }) => kind !== 'stray_character') : findings)];
  if (runs.some(({ characters }) => characters.length > CHARACTERS_MAX))
    return nothing([...all, tooLong(`${inside.length} characters, more than a request header carries`)]);
  return { findings: all, ...candidatesOf(runs) };
}

function nothing(findings: readonly LintFinding[]): StoredText {
  return { findings, candidates: [], key: undefined };
}

function tooLong(size: string): LintFinding {
  return finding('too_long', `the value is ${size}`, 'find out what was stored here; ');
}

const SURENESS = { whole: 0, run: 1, altered: 2 } as const satisfies Record<Certainty, number>;

/** The surest first, each once. What was joined or cut is the key only where nothing surer stands beside it. */
function candidatesOf(runs: readonly Piece[]): Pick<StoredText, 'candidates' | 'key'> {
  const distinct = new Map<string, Piece>();
  for (const run of runs.toSorted((one, other) => SURENESS[one.certainty] - SURENESS[other.certainty]))
    if (!distinct.has(run.characters)) distinct.set(run.characters, run);
  const candidates = [...distinct.values()]
    .slice(0, CANDIDATES_MAX)
    .map(({ characters, certainty }) => ({ key: new KeyText(characters), certainty }));
  const sure = candidates.filter(({ certainty }) => certainty !== 'altered');
  const [first, ...more] = sure.length > 0 ? sure : candidates;
  return { candidates, key: more.length === 0 ? first?.key : undefined };
}

type Piece = Pick<KeyRun, 'characters' | 'certainty'>;

interface Looked {
  readonly findings: readonly LintFinding[];
  readonly runs: readonly Piece[];
}

/** Looks at what the wrappings left; `value` is all of the stored text. */
function look(text: string, value: string): Looked {
  const runs = keyRunsIn(text);
  if (runs.some(({ certainty }) => certainty === 'whole')) return { findings: findingsAround(text, runs, value), runs };
  const looksLikeNone = runs.length === 0 ? notAKey(text) : undefined;
  if (looksLikeNone !== undefined) return { findings: [looksLikeNone], runs: [] };
  const joined = joinedIn(text);
  if (joined !== undefined)
    return { findings: findingsBetween(text, value), runs: [...runs.filter(isNoStump), joined] };
  if (runs.length > 0) return { findings: findingsAround(text, runs, value), runs };
  const encoded = encodedKeysIn(text).map((characters): Piece => ({ characters, certainty: 'whole' }));
  if (encoded.length === 0) return lookAtWords(text, value);
  return { findings: [finding('base64', 'a key in base64 stands among other text')], runs: encoded };
}

function findingsAround(text: string, runs: readonly KeyRun[], value: string): readonly LintFinding[] {
  const sure = runs.filter(({ certainty }) => certainty !== 'altered');
  const distinct = new Set((sure.length > 0 ? sure : runs).map(({ characters }) => characters));
  if (distinct.size > 1)
    return [finding('several_keys', `the value holds ${distinct.size} keys`, 'consumers expect one: choose it and ')];
  const [first, ...more] = sure;
  if (first === undefined && runs.length === 1)
    return [finding('glued', 'other characters are glued to the key', 'without them, ')];
  if (first === undefined || more.length > 0)
    return [finding('repeated', `the value holds the same key ${runs.length} times`)];
  return surroundingFindings(text, first, value);
}

/** Half of a standard key, beside the whole one. */
function isNoStump({ characters }: KeyRun): boolean {
  return characters.startsWith('AQ.');
}

/** A key that something stands in: line breaks, spaces, one stray character. */
function joinedIn(text: string): Piece | undefined {
  const characters = withoutStrays(text).replace(/[\s\\"'+]/g, '');
  const isKey = characters !== text && /^(?:AIza|AQ\.)[\w-][\w.-]{15,200}$/.test(characters);
  return isKey ? { characters, certainty: 'altered' } : undefined;
}

function findingsBetween(text: string, value: string): readonly LintFinding[] {
  const pieces = text.split(/\s+/).length;
  const says = `the key is broken into ${pieces} pieces, or other words follow it`;
  return [
    ...strayFindings(text, value),
    ...(pieces > 1 ? [finding('line_wrapped', says, 'join the pieces and ')] : []),
  ];
}

/** A text that nothing is known about: one word of it may be a key of a kind that is not known yet. */
function lookAtWords(text: string, value: string): Looked {
  const strays = strayFindings(text, value);
  if (strays.length > 0) return { findings: strays, runs: [] };
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) {
    const says = `the value is ${words.length} words, which cannot be one key`;
    return { findings: [finding('not_one_word', says, 'find out what was stored here; ')], runs: [] };
  }
  if (word === text) return { findings: [], runs: [{ characters: word, certainty: 'whole' }] };
  const findings = [finding('stray_punctuation', 'a comma or semicolon stands beside the key', 'without it, ')];
  return { findings, runs: [{ characters: word, certainty: 'run' }] };
}
