import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';

const CLAUSE =
  /^(?<field>[\w.]+)(?<sign>>=|<|=)(?:"(?<text>[^"]*)"|(?<number>\d+)|\((?<texts>"[^"]*"(?: OR "[^"]*")*)\))$/;

/**
 * The part of Cloud Logging's query language that is served: `FIELD>=VALUE`, `FIELD<VALUE`, `FIELD=VALUE` and `FIELD=("A" OR "B")`, joined by
 * AND. A field that an entry does not have passes nothing, as there.
 */
export function logFilter(filter: string): (entry: JsonObject) => boolean {
  const clauses = filter.split(' AND ').filter((clause) => clause !== '');
  const tests = clauses.map((clause) => {
    const { field, sign, text, number, texts } = CLAUSE.exec(clause.trim())?.groups ?? {};
    if (field === undefined || (texts !== undefined && sign !== '='))
      throw new ApiError('UNIMPLEMENTED', 'This filter is not implemented by the pretend cloud.');
    const wanted = texts?.split(' OR ').map((word) => word.slice(1, -1)) ?? [text ?? Number(number)];
    return (entry: JsonObject) => wanted.some((one) => isPassed(valueAt(entry, field.split('.')), sign, one));
  });
  return (entry) => tests.every((test) => test(entry));
}

function isPassed(value: unknown, sign: string | undefined, wanted: string | number): boolean {
  if (typeof value !== typeof wanted) return false;
  if (sign === '=') return value === wanted;
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  return sign === '<' ? value < wanted : value >= wanted;
}

function valueAt(entry: unknown, path: readonly string[]): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return entry;
  return isJsonObject(entry) ? valueAt(entry[field], rest) : undefined;
}
