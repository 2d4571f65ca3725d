import type { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';

/** A JSON object whose fields nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Google's parser goes no deeper; neither do those who write the value out again. */
const DEPTH_MAX = 100;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The request's JSON object; an empty body is `{}`. INVALID_ARGUMENT for anything that is not a JSON object. Google
 * goes on to quote the text around the place; that is left out, because it may be somebody's key.
 */
export function jsonObjectOf(body: Buffer): JsonObject {
  const text = body.toString('utf8').trim();
  if (text === '') return {};
  const parsed = parsedOf(text);
  if (!isJsonObject(parsed))
    throw invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.');
  return parsed;
}

function parsedOf(text: string): unknown {
  if (depthOf(text) > DEPTH_MAX) throw invalid('Invalid JSON payload received. Message too deep.');
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Invalid JSON payload received. Unexpected token.');
  }
}

/** How deep brackets stand in each other, those inside of strings left out. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (mark === '[' || mark === '{') depth += 1;
    else if (mark === ']' || mark === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function invalid(message: string): ApiError {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] },
  ];
  return new ApiError('INVALID_ARGUMENT', message, details);
}
