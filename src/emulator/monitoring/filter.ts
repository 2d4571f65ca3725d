import { ApiError } from '../wire/api-error.ts';

/** What a filter may compare, flattened: `metric.type`, `resource.labels.credential_id`, … */
export type SeriesFields = Readonly<Record<string, string>>;

/** A filter, read. */
export interface SeriesFilter {
  /** The one metric type it names. */
  readonly metricType: string;
  /** Every field it names. */
  readonly fields: readonly string[];
  passes(series: SeriesFields): boolean;
}

type Passes = SeriesFilter['passes'];
type Token = { readonly mark: string } | { readonly value: string; readonly quoted: boolean };

const TOKEN = /\s*(?:(!=|[()=,:]|-(?=[A-Za-z(]))|"((?:[^"\\]|\\.)*)"|([\w./-]+))/y;

const FUNCTIONS: ReadonlyMap<string, (value: string, wanted: readonly string[]) => boolean> = new Map([
  ['starts_with', (value: string, [wanted = '']: readonly string[]) => value.startsWith(wanted)],
  ['ends_with', (value: string, [wanted = '']: readonly string[]) => value.endsWith(wanted)],
  ['has_substring', (value: string, [wanted = '']: readonly string[]) => value.includes(wanted)],
  ['one_of', (value: string, wanted: readonly string[]) => wanted.includes(value)],
]);

/**
 * Reads a Monitoring filter (cloud.google.com/monitoring/api/v3/filters): comparisons with `=`, `!=` and `:`, the
 * functions starts_with, ends_with, has_substring and one_of, NOT or `-`, AND, OR and brackets. AND binds tighter than
 * OR, and stands where nothing else does. INVALID_ARGUMENT unless it names exactly one metric type.
 */
export function seriesFilter(source: string): SeriesFilter {
  const tokens = tokensOf(source);
  const fields: string[] = [];
  const types: string[] = [];
  let next = 0;

  const mark = (wanted: string): boolean => {
    const token = tokens[next];
    const fits = token !== undefined && 'mark' in token && token.mark === wanted;
    if (fits) next += 1;
    return fits;
  };
  const word = (wanted: string): boolean => {
    const token = tokens[next];
    const fits = token !== undefined && 'value' in token && !token.quoted && token.value === wanted;
    if (fits) next += 1;
    return fits;
  };
  const value = (): string => {
    const token = tokens[next];
    next += 1;
    if (token === undefined || 'mark' in token) throw unreadable(source);
    return token.value;
  };

  const either = (): Passes => {
    const parts = [every()];
    while (word('OR')) parts.push(every());
    return (series) => parts.some((part) => part(series));
  };
  const every = (): Passes => {
    const parts = [single()];
    while (next < tokens.length && !isMark(tokens[next], ')') && !isWord(tokens[next], 'OR')) {
      word('AND');
      parts.push(single());
    }
    return (series) => parts.every((part) => part(series));
  };
  const single = (): Passes => {
    if (word('NOT') || mark('-')) {
      const inner = single();
      return (series) => !inner(series);
    }
    if (mark('(')) {
      const inner = either();
      if (!mark(')')) throw unreadable(source);
      return inner;
    }
    return comparison();
  };
  const comparison = (): Passes => {
    const field = value().replace('.label.', '.labels.');
    fields.push(field);
    if (mark(':')) {
      const part = value();
      return (series) => (series[field] ?? '').includes(part);
    }
    const differs = mark('!=');
    if (!differs && !mark('=')) throw unreadable(source);
    const wanted = value();
    const test = FUNCTIONS.get(wanted);
    if (test !== undefined && mark('(')) {
      const wishes = [value()];
      while (mark(',')) wishes.push(value());
      if (!mark(')')) throw unreadable(source);
      return (series) => test(series[field] ?? '', wishes) !== differs;
    }
    if (field === 'metric.type' && !differs) types.push(wanted);
    return (series) => (series[field] === wanted) !== differs;
  };

  const passes = tokens.length === 0 ? () => true : either();
  if (next < tokens.length) throw unreadable(source);
  const [metricType, ...others] = types;
  if (metricType === undefined || others.length > 0)
    throw refused(source, 'must specify a restriction on "metric.type" in the filter, and to exactly one type');
  return { metricType, fields, passes };
}

function tokensOf(source: string): readonly Token[] {
  const text = source.trim();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [found, mark, quoted, bare] = TOKEN.exec(text) ?? [];
    if (found === undefined) throw unreadable(source);
    if (mark !== undefined) tokens.push({ mark });
    else if (quoted !== undefined) tokens.push({ value: quoted.replace(/\\(.)/gs, '$1'), quoted: true });
    else if (bare !== undefined) tokens.push({ value: bare, quoted: false });
  }
  return tokens;
}

function isMark(token: Token | undefined, wanted: string): boolean {
  return token !== undefined && 'mark' in token && token.mark === wanted;
}

function isWord(token: Token | undefined, wanted: string): boolean {
  return token !== undefined && 'value' in token && !token.quoted && token.value === wanted;
}

function unreadable(source: string): ApiError {
  return refused(source, 'could not be parsed');
}

function refused(source: string, why: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Field filter had an invalid value of "${source.slice(0, 200)}": ${why}.`);
}
