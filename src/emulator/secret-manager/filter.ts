import { ApiError } from '../wire/api-error.ts';

/** A list filter, parsed. `path` is in snake_case as sent; a bare word looks for itself in the name. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'test'; readonly path: readonly string[]; readonly operator: Operator; readonly value: string }
  | { readonly kind: 'present'; readonly path: readonly string[] };

export type Operator = ':' | '=' | '!=' | '<' | '<=' | '>' | '>=';

interface Token {
  readonly text: string;
  readonly kind: 'word' | 'quoted' | 'mark';
}

const LENGTH_MAX = 10_000;
const DEPTH_MAX = 50;
/** Times come first because they hold colons; a minus stands alone only where a word begins. */
const TOKENS =
  /\s+|(?<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<mark>[()]|[<>!]=|[:=<>])|(?<word>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|-(?=[^\s])|[^\s()<>!:="']+)|(?<bad>.)/gsu;

/**
 * Parses the filter language of Secret Manager's lists: `name:x`, `labels.k=v`, `create_time>2026-01-01T00:00:00Z`,
 * `expire_time:*`, `state:ENABLED`, with AND, OR, NOT, `-`, brackets, and AND where nothing stands between two terms.
 * OR binds tighter than AND, as AIP-160 has it; that production agrees is not settled. Throws INVALID_ARGUMENT.
 */
export function parseFilter(source: string): Filter {
  if (source.length > LENGTH_MAX) throw badFilter();
  const tokens = tokensOf(source);
  const [filter, end] = conjunction(tokens, 0, 0);
  if (end < tokens.length) throw badFilter();
  return filter;
}

type Parsed = readonly [Filter, number];

function conjunction(tokens: readonly Token[], start: number, depth: number): Parsed {
  if (depth > DEPTH_MAX) throw badFilter();
  const [first, afterFirst] = disjunction(tokens, start, depth);
  const parts = [first];
  let at = afterFirst;
  while (at < tokens.length && !isMark(tokens[at], ')')) {
    const [part, end] = disjunction(tokens, isWord(tokens[at], 'AND') ? at + 1 : at, depth);
    parts.push(part);
    at = end;
  }
  return [{ kind: 'all', parts }, at];
}

function disjunction(tokens: readonly Token[], start: number, depth: number): Parsed {
  const [first, afterFirst] = negation(tokens, start, depth);
  const parts = [first];
  let at = afterFirst;
  while (isWord(tokens[at], 'OR')) {
    const [part, end] = negation(tokens, at + 1, depth);
    parts.push(part);
    at = end;
  }
  return [{ kind: 'any', parts }, at];
}

function negation(tokens: readonly Token[], start: number, depth: number): Parsed {
  const token = tokens[start];
  if (!isWord(token, 'NOT') && !isWord(token, '-')) return term(tokens, start, depth);
  const [part, end] = term(tokens, start + 1, depth);
  return [{ kind: 'not', part }, end];
}

function term(tokens: readonly Token[], start: number, depth: number): Parsed {
  const token = tokens[start];
  if (token === undefined) throw badFilter();
  if (isMark(token, '(')) {
    const [inner, end] = conjunction(tokens, start + 1, depth + 1);
    if (!isMark(tokens[end], ')')) throw badFilter();
    return [inner, end + 1];
  }
  if (token.kind === 'mark' || isReserved(token)) throw badFilter();
  const operator = OPERATORS.find((known) => isMark(tokens[start + 1], known));
  if (operator === undefined) return [{ kind: 'test', path: ['name'], operator: ':', value: token.text }, start + 1];
  const operand = tokens[start + 2];
  if (operand === undefined || operand.kind === 'mark' || isReserved(operand)) throw badFilter();
  const path = token.text.split('.');
  if (operator === ':' && isWord(operand, '*')) return [{ kind: 'present', path }, start + 3];
  return [{ kind: 'test', path, operator, value: operand.text }, start + 3];
}

const OPERATORS: readonly Operator[] = [':', '=', '!=', '<', '<=', '>', '>='];

function tokensOf(source: string): readonly Token[] {
  return [...source.matchAll(TOKENS)].flatMap(({ groups }): readonly Token[] => {
    const { quoted, mark, word, bad } = groups ?? {};
    if (bad !== undefined) throw badFilter();
    if (quoted !== undefined) return [{ kind: 'quoted', text: quoted.slice(1, -1).replace(/\\(.)/gsu, '$1') }];
    if (mark !== undefined) return [{ kind: 'mark', text: mark }];
    return word === undefined ? [] : [{ kind: 'word', text: word }];
  });
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

function isReserved(token: Token): boolean {
  return ['AND', 'OR', 'NOT'].some((reserved) => isWord(token, reserved));
}

function badFilter(): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}
