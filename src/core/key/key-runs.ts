import { keyInBase64 } from './base64-key.ts';
import { isWholeShape, STANDARD_LENGTH } from './key-shape.ts';

/**
 * How a candidate stands in what is stored. `whole`: it begins and ends there beyond doubt. `run`: characters in a row,
 * of which nobody knows whether they are all. `altered`: we cut or joined it, so a refusal says nothing about a key.
 */
export type Certainty = 'whole' | 'run' | 'altered';

/** Characters in a text that may be a key, from `start` to `end`. */
export interface KeyRun {
  readonly characters: string;
  readonly start: number;
  readonly end: number;
  readonly certainty: Certainty;
}

const STANDARD = /AIza[\w-]*/g;
const PIECE = /AIza(?:(?!AIza)[\w-])*/g;
/** A dot inside a key is followed by more of it; one at its end belongs to a sentence, three to an abridged copy. */
const AUTH = /AQ\.[\w-]{16,}(?:\.[\w-]+)*/g;
/** `AIza` and `AQ.` in base64. */
const ENCODED = /(?:QUl6Y|QVEu)[A-Za-z0-9+/]{20,}={0,2}/g;

/** Shorter ones are stumps, such as in an abridged copy. */
const SHORTEST = 20;

/** Every run of characters in a text that begins like a key, in their order. */
export function keyRunsIn(text: string): readonly KeyRun[] {
  const standard = [...text.matchAll(STANDARD)].flatMap((match) => standardRuns(text, match[0], match.index));
  const auth = [...text.matchAll(AUTH)].flatMap((match) => authRuns(text, match[0], match.index));
  return [...standard, ...auth].sort((one, other) => one.start - other.start);
}

/** The keys that stand in a text in base64, such as in the manifest of a Kubernetes Secret. */
export function encodedKeysIn(text: string): readonly string[] {
  return [...text.matchAll(ENCODED)].flatMap(([encoded]) => keyInBase64(encoded)?.trim() ?? []);
}

function standardRuns(text: string, run: string, start: number): readonly KeyRun[] {
  if (run.length < SHORTEST || isMaskedAt(text, start + run.length, run)) return [];
  const glued = isGluedAt(text, start);
  const pieces = [...run.matchAll(PIECE)];
  if (pieces.length === 1 && !glued) {
    const certainty = isWholeShape(run) || run === text ? 'whole' : 'run';
    const asItIs = { characters: run, start, end: start + run.length, certainty } as const;
    return run.length > STANDARD_LENGTH ? [asItIs, cut(run, start)] : [asItIs];
  }
  // Glued to something, or to itself: where the key ends is told by its length alone.
  return pieces.flatMap(({ 0: piece, index }) => (piece.length < STANDARD_LENGTH ? [] : [cut(piece, start + index)]));
}

function cut(run: string, start: number): KeyRun {
  return { characters: run.slice(0, STANDARD_LENGTH), start, end: start + STANDARD_LENGTH, certainty: 'altered' };
}

function authRuns(text: string, characters: string, start: number): readonly KeyRun[] {
  const end = start + characters.length;
  if (isGluedAt(text, start) || isMaskedAt(text, end, characters)) return [];
  const isWhole = isWholeShape(characters) || !goesOn(text, end);
  return [{ characters, start, end, certainty: isWhole ? 'whole' : 'run' }];
}

/** Whether letters or digits stand right before it; those of a percent-encoded sign, such as a quote, are none. */
function isGluedAt(text: string, start: number): boolean {
  return /\w$/.test(text.slice(Math.max(0, start - 3), start).replace(/%[0-9a-f]{2}$/i, ''));
}

/** Behind an abridged copy stand dots or asterisks. Nobody abridges a key by adding to it. */
function isMaskedAt(text: string, end: number, run: string): boolean {
  return !isWholeShape(run) && /^(?:\.{2}|…|\*)/.test(text.slice(end, end + 2));
}

/** What follows may be the rest of a key that was broken over lines, or whose one character was spoilt. */
function goesOn(text: string, end: number): boolean {
  return /^(?:\s{1,80}|[^\x21-\x7e]|\\\r?\n\s{0,80})[\w-]/.test(text.slice(end, end + 90));
}
