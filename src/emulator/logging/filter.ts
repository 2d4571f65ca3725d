import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';

const CLAUSE = /^(?<field>[\w.]+)(?<sign>>=|=)(?:"(?<text>[^"]*)"|(?<number>\d+))$/;

/**
 * The part of Cloud Logging's query language that is served: `FIELD>=VALUE` and `FIELD=VALUE`, joined by AND. A field that an
 * entry does not have passes nothing, as there.
 */
export function logFilter(filter: string): (entry: JsonObject) => boolean {
  const clauses = filter.split(' AND ').filter((clause) => clause !== '');
  const tests = clauses.map((clause) => {
    const { field, sign, text, number } = CLAUSE.exec(clause.trim())?.groups ?? {};
    if (field === undefined)
      throw new ApiError('UNIMPLEMENTED', 'This filter is not implemented by the pretend cloud.');
    const wanted = text ?? Number(number);
    return (entry: JsonObject) => isPassed(valueAt(entry, field.split('.')), sign === '=', wanted);
  });
  return (entry) => tests.every((test) => test(entry));
}

function isPassed(value: unknown, isEqual: boolean, wanted: string | number): boolean {
  if (typeof value !== typeof wanted) return false;
  if (isEqual) return value === wanted;
  return typeof value === 'number' || typeof value === 'string' ? value >= wanted : false;
}

function valueAt(entry: unknown, path: readonly string[]): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return entry;
  return isJsonObject(entry) ? valueAt(entry[field], rest) : undefined;
}
