import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import { parseMicros } from '../secret-manager/micros.ts';
import type { Micros } from '../secret-manager/micros.ts';

/** A message in protobuf's JSON form. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * Reads one value of protobuf's JSON form found at the path `at` (`secret.labels`, empty at the root). What it cannot
 * read it describes in `faults` and answers `undefined`; so does JSON `null`, which means "not set".
 */
export type Reader<T> = (value: unknown, at: string, faults: string[]) => T | undefined;

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { readonly [K in keyof F]?: Exclude<ReturnType<F[K]>, undefined> };

/** Reads the root message or throws INVALID_ARGUMENT listing everything wrong with it, as Google's front end does. */
export function readRoot<T>(reader: Reader<T>, value: unknown): T {
  const faults: string[] = [];
  const read = reader(value, '', faults);
  if (faults.length > 0 || read === undefined) throw new ApiError('INVALID_ARGUMENT', faults.join('\n'));
  return read;
}

/**
 * A message whose fields are named in lowerCamelCase and accepted in snake_case too. Of each `oneofs` group only one
 * member may be set. Unknown names are refused.
 */
export function message<F extends Fields>(
  fields: F,
  oneofs?: Readonly<Record<string, readonly (keyof F & string)[]>>,
): Reader<Read<F>>;
export function message(
  fields: Fields,
  oneofs: Readonly<Record<string, readonly string[]>> = {},
): Reader<Readonly<Record<string, unknown>>> {
  return (value, at, faults) => {
    if (value === null) return undefined;
    if (!isObject(value)) {
      return refused(value, at, 'message', faults);
    }
    const read: Record<string, unknown> = {};
    for (const [sent, inner] of Object.entries(value)) {
      const name = camelCase(sent);
      const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (reader === undefined) {
        const where = at === '' ? '' : ` at '${at}'`;
        faults.push(`Invalid JSON payload received. Unknown name "${sent}"${where}: Cannot find field.`);
        continue;
      }
      const field = reader(inner, at === '' ? name : `${at}.${snakeCase(name)}`, faults);
      if (field === undefined) continue;
      for (const [group, members] of Object.entries(oneofs)) {
        if (!members.includes(name) || !members.some((member) => member in read)) continue;
        faults.push(`Invalid value at '${at}' (oneof), oneof field '${group}' is already set. Cannot set '${name}'`);
      }
      read[name] = field;
    }
    return read;
  };
}

export const text: Reader<string> = (value, at, faults) => {
  if (value === null || typeof value === 'string') return value ?? undefined;
  return refused(value, at, 'TYPE_STRING', faults);
};

/** int32 and int64: a JSON number or a decimal string. Beyond 2^53 the nearest number is taken. */
export const integer: Reader<number> = (value, at, faults) => {
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return Number(value);
  return refused(value, at, 'TYPE_INT64', faults);
};

/** Standard or URL-safe base64. The refusal leaves the value out: it may be somebody's key. */
export const bytes: Reader<Buffer> = (value, at, faults) => {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value) && value.replace(/=+$/, '').length % 4 !== 1)
    return Buffer.from(value, 'base64');
  faults.push(`Invalid value at '${at}' (TYPE_BYTES), Base64 decoding failed`);
  return undefined;
};

export const timestamp: Reader<Micros> = (value, at, faults) => {
  if (value === null) return undefined;
  const moment = typeof value === 'string' ? parseMicros(value) : undefined;
  return moment ?? refused(value, at, 'type.googleapis.com/google.protobuf.Timestamp', faults);
};

/** A duration in seconds, written `"86400s"`. */
export const duration: Reader<number> = (value, at, faults) => {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^-?\d{1,12}(\.\d{1,9})?s$/.test(value)) return Number(value.slice(0, -1));
  return refused(value, at, 'type.googleapis.com/google.protobuf.Duration', faults);
};

/** A field that is accepted and not looked at: output only, or of no consequence here. */
export const anything: Reader<unknown> = (value) => value ?? undefined;

/** An enum by name or by number. */
export function oneOf(names: Readonly<Record<string, number>>): Reader<string> {
  return (value, at, faults) => {
    if (value === null) return undefined;
    const name = Object.keys(names).find((known) => known === value || names[known] === value);
    return name ?? refused(value, at, 'TYPE_ENUM', faults);
  };
}

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, at, faults) => {
    if (value === null) return undefined;
    if (!Array.isArray(value)) return refused(value, at, 'list', faults);
    return value.flatMap((entry: unknown, index) => item(entry, `${at}[${index}]`, faults) ?? []);
  };
}

export function mapOf<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at, faults) => {
    if (value === null) return undefined;
    if (!isObject(value)) return refused(value, at, 'map', faults);
    const entries = Object.entries(value).flatMap(([key, inner], index): [string, T][] => {
      const read = item(inner, `${at}[${index}].value`, faults);
      return read === undefined ? [] : [[key, read]];
    });
    return Object.fromEntries(entries);
  };
}

/** Parses a request body; empty counts as `{}`. */
export function parseJson(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.');
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function refused(value: unknown, at: string, type: string, faults: string[]): undefined {
  faults.push(`Invalid value at '${at}' (${type}), ${shown(value)}`);
  return undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 200);
}
