import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';
import { isRecord, type JsonRecord } from '../../src/core/values/json.ts';

/** A file of configuration: its text, for comments, and what the parser made of it. */
export interface HclFile {
  readonly name: string;
  readonly text: string;
  readonly json: JsonRecord;
}

/** One block of a resource or data source. */
export interface Block {
  readonly file: HclFile;
  readonly kind: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  readonly body: JsonRecord;
}

const MODULE = new URL('../../terraform/', import.meta.url);

export async function hclFile(name: string, text: string): Promise<HclFile> {
  const json: unknown = await parse(name, text);
  return { name, text, json: isRecord(json) ? json : {} };
}

/** Every `.tf` file of the module itself; examples are modules of their own. */
export async function moduleFiles(folder = MODULE): Promise<readonly HclFile[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  return Promise.all(names.map((name) => hclFile(name, readFileSync(new URL(name, folder), 'utf8'))));
}

/** The module that makes the builds’ accounts and triggers. */
export async function pipelineFiles(): Promise<readonly HclFile[]> {
  return moduleFiles(new URL('modules/pipeline/', MODULE));
}

export function blocksOf(files: readonly HclFile[], ...types: readonly string[]): readonly Block[] {
  return files.flatMap((file) =>
    (['resource', 'data'] as const).flatMap((kind) =>
      Object.entries(recordOf(file.json[kind])).flatMap(([type, named]) =>
        types.length > 0 && !types.includes(type)
          ? []
          : Object.entries(recordOf(named)).flatMap(([name, bodies]) =>
              listOf(bodies).map((body) => ({ file, kind, type, name, body: recordOf(body) })),
            ),
      ),
    ),
  );
}

/** A local value by its name. Throws for one that is not there: a test that looked at nothing would pass. */
export function localOf(files: readonly HclFile[], name: string): unknown {
  for (const { json } of files)
    for (const locals of listOf(json['locals'])) {
      const value = recordOf(locals)[name];
      if (value !== undefined) return value;
    }
  throw new Error(`the module has no local value "${name}"`);
}

/** The permissions of each identity, by the level on which they are granted; lists that have a name of their own are read there. */
export function permissionsOf(
  files: readonly HclFile[],
): Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> {
  const listed = (value: unknown): readonly unknown[] =>
    typeof value === 'string'
      ? [...value.matchAll(/local\.(\w+)|"([\w.]+)"/g)].flatMap(([, name, permission]) =>
          name === undefined ? [permission] : listOf(localOf(files, name)),
        )
      : listOf(value);
  const identities = Object.entries(recordOf(localOf(files, 'permissions')));
  return Object.fromEntries(
    identities.map(([identity, levels]) => [
      identity,
      Object.fromEntries(Object.entries(recordOf(levels)).map(([level, value]) => [level, listed(value)])),
    ]),
  );
}

/** Blocks of a type that Terraform calls `variable` or `output`, by name. */
export function namedIn(files: readonly HclFile[], kind: 'variable' | 'output'): Readonly<Record<string, JsonRecord>> {
  const all = files.flatMap(({ json }) => Object.entries(recordOf(json[kind])));
  return Object.fromEntries(all.map(([name, bodies]) => [name, recordOf(listOf(bodies)[0])]));
}

/** The only nested block of a name, dynamic ones too. */
export function nested(body: JsonRecord, name: string): JsonRecord | undefined {
  const dynamic = recordOf(listOf(recordOf(body['dynamic'])[name])[0])['content'];
  const found = listOf(body[name] ?? dynamic)[0];
  return isRecord(found) ? found : undefined;
}

export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
