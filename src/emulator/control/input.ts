import type { Buffer } from 'node:buffer';
import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';

/** Reads a control request's body strictly: a misspelt field must not pass as "nothing to do". */
export interface ControlInput {
  text(field: string): string;
  optionalText(field: string): string | undefined;
  number(field: string): number;
  optionalNumber(field: string): number | undefined;
  /** A whole number from 1 on. */
  optionalCount(field: string): number | undefined;
  flag(field: string): boolean;
  /** One of a closed set; the refusal lists it. */
  choice<Name extends string>(field: string, names: readonly Name[]): Name;
  optionalChoice<Name extends string>(field: string, names: readonly Name[]): Name | undefined;
  texts(field: string): readonly string[];
  numbers(field: string): Readonly<Record<string, number>> | undefined;
  textMap(field: string): Readonly<Record<string, string>> | undefined;
  has(field: string): boolean;
  raw(field: string): unknown;
  /** A nested object, with its own allowed fields; empty when left out. */
  inner(field: string, allowed: readonly string[]): ControlInput;
}

/** INVALID_ARGUMENT, naming what is allowed, for anything unexpected. */
export function controlInput(body: Buffer, allowed: readonly string[]): ControlInput {
  return inputOf(jsonObjectOf(body), allowed, '');
}

function inputOf(given: JsonObject, allowed: readonly string[], at: string): ControlInput {
  const stranger = Object.keys(given).find((field) => !allowed.includes(field));
  if (stranger !== undefined) throw refused(`'${at}${stranger}' is not known here; allowed: ${allowed.join(', ')}`);

  const has = (field: string): boolean => given[field] !== undefined && given[field] !== null;
  const typed = <Value>(field: string, fits: (value: unknown) => value is Value, what: string): Value => {
    const value = given[field];
    if (fits(value)) return value;
    throw refused(`'${at}${field}' must be ${what}`);
  };
  const maybe = <Value>(field: string, read: () => Value): Value | undefined => (has(field) ? read() : undefined);
  const text = (field: string): string => typed(field, isText, 'text');
  const number = (field: string): number => typed(field, isAmount, 'a number, not negative');
  const choice = <Name extends string>(field: string, names: readonly Name[]): Name =>
    typed(field, (value): value is Name => names.some((name) => name === value), `one of ${names.join(', ')}`);

  return {
    text,
    optionalText: (field) => maybe(field, () => text(field)),
    number,
    optionalNumber: (field) => maybe(field, () => number(field)),
    optionalCount: (field) => maybe(field, () => typed(field, isCount, 'a whole number from 1 on')),
    flag: (field) => has(field) && typed(field, isFlag, 'true or false'),
    choice,
    optionalChoice: (field, names) => maybe(field, () => choice(field, names)),
    texts: (field) => maybe(field, () => typed(field, isTexts, 'a list of text')) ?? [],
    numbers: (field) => maybe(field, () => typed(field, mapOf(isAmount), 'a map to numbers')),
    textMap: (field) => maybe(field, () => typed(field, mapOf(isText), 'a map to text')),
    has,
    raw: (field) => given[field],
    inner: (field, fields) =>
      inputOf(maybe(field, () => typed(field, isJsonObject, 'an object')) ?? {}, fields, `${at}${field}.`),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return isAmount(value) && Number.isSafeInteger(value) && value >= 1;
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function mapOf<Value>(fits: (value: unknown) => value is Value) {
  return (value: unknown): value is Readonly<Record<string, Value>> =>
    isJsonObject(value) && Object.values(value).every(fits);
}

function refused(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
