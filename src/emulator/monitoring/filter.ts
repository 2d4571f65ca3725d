import { ApiError } from '../api-error.ts';

/** What a filter may compare, flattened: `metric.type`, `resource.labels.credential_id`, … */
export type SeriesFields = Readonly<Record<string, string>>;

const TERM = /^\s*([a-z_]+(?:\.[a-z_]+)*)\s*(!?=)\s*(?:"((?:[^"\\]|\\.)*)"|([\w./:-]+))\s*/;

/**
 * Reads a Monitoring filter of comparisons joined by AND, and says which series pass. INVALID_ARGUMENT unless it names
 * exactly one metric type; OR, NOT and functions are not known here.
 */
export function seriesFilter(text: string): (fields: SeriesFields) => boolean {
  const terms: { readonly field: string; readonly equal: boolean; readonly value: string }[] = [];
  for (let rest = text; rest.trim() !== '';) {
    const [found = '', field = '', operator, quoted, bare = ''] = TERM.exec(rest) ?? [];
    if (found === '')
      throw new ApiError('INVALID_ARGUMENT', 'Field filter had an invalid value: it could not be parsed.');
    terms.push({ field: field.replace('.label.', '.labels.'), equal: operator === '=', value: quoted ?? bare });
    rest = rest.slice(found.length).replace(/^AND\b/, '');
  }
  const types = terms.filter(({ field, equal }) => field === 'metric.type' && equal);
  if (types.length !== 1) {
    throw new ApiError('INVALID_ARGUMENT', 'Field filter had an invalid value: it must name exactly one metric type.');
  }
  return (fields) => terms.every(({ field, equal, value }) => (fields[field] === value) === equal);
}
