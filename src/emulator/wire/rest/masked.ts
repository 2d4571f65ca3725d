import { ApiError } from '../api-error.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import { camelCase } from './proto-json.ts';

/**
 * `before` with what a field mask names taken from `sent`, and removed where `sent` has it not; a list is replaced whole. Without
 * a mask, or with `*`, everything is taken.
 */
export function maskedOver(before: JsonObject, sent: JsonObject, mask: string): JsonObject {
  if (mask === '' || mask === '*') return sent;
  const paths = mask.split(',').map((path) => path.trim().split('.').map(camelCase));
  if (paths.some((path) => path.includes(''))) throw new ApiError('INVALID_ARGUMENT', `Invalid field mask: ${mask}`);
  return paths.reduce((after, path) => placed(after, sent, path), before);
}

function placed(target: JsonObject, source: JsonObject, [field = '', ...below]: readonly string[]): JsonObject {
  const rest = Object.fromEntries(Object.entries(target).filter(([name]) => name !== field));
  const [old, wanted] = [target[field], source[field]];
  if (below.length === 0) return wanted === undefined ? rest : { ...rest, [field]: wanted };
  return { ...rest, [field]: placed(isJsonObject(old) ? old : {}, isJsonObject(wanted) ? wanted : {}, below) };
}
