import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ApiError } from '../wire/api-error.ts';
import type { ControlInput } from './input.ts';
import { APIS, answerWithStatus, type Fault, type FaultMatch } from '../wire/faults.ts';

/** The longest that a timer can wait, some 24 days. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;
const EFFECTS = ['status', 'delayMs', 'hang', 'drop', 'lostAnswer', 'body'] as const;
export const FAULT_FIELDS = ['match', 'times', ...EFFECTS, 'message', 'contentType', 'headers'];
const MATCH_FIELDS = ['service', 'method', 'path', 'pathPattern', 'nth'];

/** Reads which calls a fault strikes. */
export function matchIn(input: ControlInput): FaultMatch {
  const match = input.inner('match', MATCH_FIELDS);
  const [service, method] = [match.optionalChoice('service', APIS), match.optionalText('method')];
  const [path, pattern, nth] = [
    match.optionalText('path'),
    match.optionalText('pathPattern'),
    match.optionalCount('nth'),
  ];
  return {
    ...(service && { service }),
    ...(method && { method: method.toUpperCase() }),
    ...(path && { path }),
    ...(pattern && { pathPattern: patternOf(pattern) }),
    ...(nth && { nth }),
  };
}

function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', "'match.pathPattern' must be a regular expression");
  }
}

/** Reads what a fault does. A `body` goes out as it is, with `status` or 200; a `status` alone in Google's envelope. */
export function faultIn(input: ControlInput): Fault {
  const named = EFFECTS.filter((effect) => input.has(effect));
  const effects = named.includes('body') ? named.filter((effect) => effect !== 'status') : named;
  const [effect] = effects;
  if (effect === undefined || effects.length > 1) {
    throw new ApiError('INVALID_ARGUMENT', `a fault does one thing; give one of ${EFFECTS.join(', ')}`);
  }
  switch (effect) {
    case 'status':
      return { act: 'answer', reply: answerWithStatus(statusIn(input), input.optionalText('message')) };
    case 'body': {
      const [contentType, headers] = [input.optionalText('contentType'), input.textMap('headers')];
      requireHeaders({ ...headers, ...(contentType !== undefined && { 'content-type': contentType }) });
      const reply = { status: input.has('status') ? statusIn(input) : 200, body: input.raw('body') };
      return { act: 'answer', reply: { ...reply, ...(contentType && { contentType }), ...(headers && { headers }) } };
    }
    case 'delayMs':
      return { act: 'delay', delayMs: Math.min(input.number('delayMs'), LONGEST_DELAY_MS) };
    case 'hang':
    case 'drop':
    case 'lostAnswer':
      if (!input.flag(effect)) throw new ApiError('INVALID_ARGUMENT', `'${effect}' can only be true`);
      return { act: effect };
  }
}

/** What Node could not send must be refused when it is planted, not when it strikes. */
function requireHeaders(headers: Readonly<Record<string, string>>): void {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch {
    throw new ApiError('INVALID_ARGUMENT', "'headers' and 'contentType' must be fit for an HTTP header");
  }
}

function statusIn(input: ControlInput): number {
  const status = input.number('status');
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new ApiError('INVALID_ARGUMENT', "'status' must be an HTTP status from 200 to 599");
}
