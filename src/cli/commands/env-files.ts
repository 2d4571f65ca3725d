import { readFile, stat } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import type { Source } from '../../app/doctor/doctor.ts';
import type { ChangedFile } from '../../app/doctor/running-app.ts';
import { readOtherwise } from '../../app/doctor/env-text.ts';
import { VARIABLES } from '../../app/doctor/variable-names.ts';
import { decodeStored } from '../../core/key/stored-encoding.ts';
import { instantOf, type Instant } from '../../core/values/time.ts';
import { systemCodeOf } from '../show/terminal.ts';

/** What frameworks read beside `.env`, and put before it. */
const SIBLINGS = ['.local', '.development', '.development.local', '.production', '.production.local'];

/** Env files as places where a key may be, and what others would read in them otherwise. */
export interface EnvFiles {
  readonly sources: readonly Source[];
  readonly advice: readonly string[];
  /** The files that are there. */
  readonly found: readonly ChangedFile[];
}

/** The file that is named and its siblings. One that cannot be read is said, one that is not there is not. */
export async function envFiles(path: string): Promise<EnvFiles> {
  const all = await Promise.all([path, ...SIBLINGS.map((ending) => `${path}${ending}`)].map(envFile));
  return {
    sources: all.flatMap(({ sources }) => sources),
    advice: all.flatMap(({ advice }) => advice),
    found: all.flatMap(({ found }) => found),
  };
}

async function envFile(path: string): Promise<EnvFiles> {
  const file = await fileSource(path);
  if (file.bytes === undefined || file.changedAt === undefined)
    return { sources: file.unreadable === undefined ? [] : [file], advice: [], found: [] };
  const { text, findings } = decodeStored(file.bytes);
  const values = parseEnv(text);
  const sources = VARIABLES.filter((name) => values[name] !== undefined).map((name): Source => ({
    title: `${name} in ${path}`,
    place: 'file',
    bytes: Buffer.from(values[name] ?? ''),
  }));
  const kinds = findings.map(({ kind }) => kind);
  return {
    sources,
    found: [{ path, changedAt: file.changedAt }],
    advice: [
      ...(kinds.includes('byte_order_mark')
        ? [
            `${path} begins with a byte order mark, which most programs take for a part of its first variable’s name: save it as UTF-8 without one`,
          ]
        : []),
      ...(kinds.includes('utf16')
        ? [`${path} is stored as UTF-16, in which most programs find no variable: save it as UTF-8`]
        : []),
      ...readOtherwise(text, path),
    ],
  };
}

/** One variable of an env file, as Node reads it. */
export async function envFileVariable(path: string, name: string): Promise<Source> {
  const file = await fileSource(path);
  if (file.bytes === undefined) return file;
  const value = parseEnv(decodeStored(file.bytes).text)[name];
  return { title: path, place: 'file', bytes: value === undefined ? undefined : Buffer.from(value) };
}

/** A file as a place where a key may be, and when it got what it holds. */
export async function fileSource(path: string): Promise<Source & { readonly changedAt?: Instant }> {
  try {
    const bytes = await readFile(path);
    return { title: path, place: 'file', bytes, changedAt: instantOf((await stat(path)).mtimeMs) };
  } catch (trouble) {
    const code = systemCodeOf(trouble);
    const unreadable = code === 'ENOENT' ? undefined : `cannot be read (${code})`;
    return { title: path, place: 'file', bytes: undefined, unreadable };
  }
}
