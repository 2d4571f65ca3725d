import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleCommand } from '../../build/command.ts';
import { joined, withoutCopies, type Piece } from '../../build/quick-start.ts';
import { isRecord } from '../../src/core/values/json.ts';

describe('Node’s own modules', () => {
  test.each([
    ['import{join as a,sep}from"node:path";a(sep)', "const{join:a,sep}=process.getBuiltinModule('node:path');a(sep)"],
    ['import a from"fs";a.stat()', "const a=process.getBuiltinModule('fs');a.stat()"],
    [
      'import a,{Readable as b}from"node:stream";new b(a)',
      "const a=process.getBuiltinModule('node:stream');const{Readable:b}=process.getBuiltinModule('node:stream');new b(a)",
    ],
    ['import{a}from"./chunk.js";a()', 'import{a}from"./chunk.js";a()'],
  ])('%s', (imported, asked) => {
    expect(withoutCopies(imported)).toBe(asked);
  });

  test('what is imported further down is there from the first line on, as it was', () => {
    expect(withoutCopies('f();import{a}from"node:fs";function f(){a()}')).toMatch(/^const\{a\}=/);
  });

  test('what a library of the older type finds around it is there where it is used', () => {
    expect(withoutCopies('require("./x")')).toMatch(/^const require=/);
    expect(withoutCopies('required()')).toBe('required()');
  });
});

describe('pieces that are joined', () => {
  const pieces = new Map<string, Piece>([
    ['start.js', { code: 'export{made}from"./one.js";', exports: ['made'], loads: ['one.js'] }],
    ['one.js', { code: 'import{t}from"./two.js";export const made={t};', exports: ['made'], loads: ['two.js'] }],
    ['two.js', { code: 'export const t=1;', exports: ['t'], loads: [] }],
    ['later.js', { code: 'export{made}from"./one.js";', exports: ['made'], loads: ['one.js'] }],
  ]);

  test('are one file for what begins with them, and the same things for everybody else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'key-warden-pieces-'));
    const files = await joined(pieces, ['start.js']);
    for (const [name, code] of files) await writeFile(join(folder, name), code);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const made = async (name: string): Promise<unknown> => {
      const module: unknown = await import(pathToFileURL(join(folder, name)).href);
      return isRecord(module) ? module['made'] : undefined;
    };
    expect(await made('later.js')).toBe(await made('start.js'));
    expect(await made('start.js')).toEqual({ t: 1 });
    expect(files.get('start.js')?.match(/from"/g)).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});

test('the help is in three files at most, without a copy of Node’s own modules or a library of Google’s', async () => {
  const { files } = await bundleCommand(fileURLToPath(new URL('../..', import.meta.url)));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const code = new TextDecoder().decode(files.get(`lib/${name}`));
    for (const [, next = ''] of code.matchAll(/\bfrom"\.\/([^"]+)"/g)) load(next);
  };
  load('cli.js');
  const bytes = [...loaded].reduce((sum, name) => sum + (files.get(`lib/${name}`)?.length ?? 0), 0);
  expect(loaded.size).toBeLessThanOrEqual(3);
  expect(bytes).toBeLessThan(100_000);
  for (const [, code] of files)
    expect(new TextDecoder().decode(code)).not.toMatch(/\bfrom ?["'](?:node:|fs|path|util)/);
});
