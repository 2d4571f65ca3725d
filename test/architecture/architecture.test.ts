import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { importsOf, importViolations, ROOMS } from './import-rules.ts';

const SRC = new URL('../../src/', import.meta.url);

function sources(): ReadonlyMap<string, string> {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, SRC), 'utf8')]));
}

describe('the import rule of every folder', () => {
  test('holds in this repository, which is really looked at', () => {
    const files = sources();
    expect(files.size).toBeGreaterThan(60);
    expect([...files.values()].flatMap(importsOf).length).toBeGreaterThan(200);
    expect(importViolations(files)).toEqual([]);
  });

  test.each([
    ['core/key/a.ts', "import { b } from '../../app/b.ts';", 'core/key/a.ts imports app (../../app/b.ts)'],
    ['core/key/a.ts', "import { readFile } from 'node:fs';", 'core/key/a.ts imports the package node:fs'],
    ['core/key/a.ts', 'const now = Date.now();', 'core/key/a.ts touches the world: Date.now'],
    ['app/check/a.ts', "import type { X } from '../../edge/x.ts';", 'app/check/a.ts imports edge (../../edge/x.ts)'],
    [
      'app/check/a.ts',
      "import { SecretManagerServiceClient } from '@google-cloud/secret-manager';",
      'app/check/a.ts imports the package @google-cloud/secret-manager',
    ],
    ['app/check/a.ts', 'const x = process.env;', 'app/check/a.ts touches the world: process.'],
    [
      'edge/http/a.ts',
      "export { x } from '../../emulator/x.ts';",
      'edge/http/a.ts imports emulator (../../emulator/x.ts)',
    ],
    ['edge/http/a.ts', "const x = await import('../../cli/x.ts');", 'edge/http/a.ts imports cli (../../cli/x.ts)'],
    ['edge/http/a.ts', "import '../../wire.ts';", 'edge/http/a.ts imports . (../../wire.ts)'],
    ['emulator/wire/a.ts', "import { x } from '../../edge/x.ts';", 'emulator/wire/a.ts imports edge (../../edge/x.ts)'],
    ['functions/a.ts', "import { x } from '../emulator/x.ts';", 'functions/a.ts imports emulator (../emulator/x.ts)'],
    ['wire.ts', "import { x } from './emulator/x.ts';", 'wire.ts imports emulator (./emulator/x.ts)'],
  ])('finds a violation planted in %s: %s', (path, source, sentence) => {
    expect(importViolations(new Map([[path, source]]))).toEqual([sentence]);
  });

  test.each([
    ['core/key/a.ts', "import { b } from './b.ts';"],
    ['app/check/a.ts', "import { b } from '../../core/b.ts';"],
    ['edge/http/a.ts', "import { Pool } from 'undici';\nimport { Fault } from '../../app/fault.ts';"],
    ['cli/commands/a.ts', "const { x } = await import('../../emulator/server.ts');"],
    ['serve.ts', "import { x } from './emulator/server.ts';"],
  ])('lets %s be: %s', (path, source) => {
    expect(importViolations(new Map([[path, source]]))).toEqual([]);
  });
});

describe('the import rule of every room', () => {
  const rooms = Object.entries(ROOMS).flatMap(([folder, own]) => Object.keys(own).map((room) => ({ folder, room })));
  const place = (folder: string, room: string) => (room === '.' ? `${folder}/a.ts` : `${folder}/${room}/a.ts`);

  test.each(rooms)('$folder/$room: what it may import is let be, and anything else of its folder is found', (one) => {
    const { folder, room } = one;
    const path = place(folder, room);
    const found = Object.keys(ROOMS[folder] ?? {}).filter((target) => {
      const up = room === '.' ? './' : '../';
      const source = `import { x } from '${up}${target === '.' ? '' : `${target}/`}b.ts';`;
      return importViolations(new Map([[path, source]])).includes(`${path} imports the room ${target}`);
    });
    const allowed = [room, ...(ROOMS[folder]?.[room] ?? [])];
    expect(found).toEqual(Object.keys(ROOMS[folder] ?? {}).filter((target) => !allowed.includes(target)));
  });

  test.each(Object.entries(ROOMS))('rooms of %s stand in an order: no circle can arise', (_, own) => {
    const before = new Set<string>();
    for (const [room, allowed] of Object.entries(own)) {
      expect({ room, unknown: allowed.filter((target) => !before.has(target)) }).toEqual({ room, unknown: [] });
      before.add(room);
    }
  });

  test('every room is lived in, and no file stands outside', () => {
    const lived = new Set([...sources().keys()].map((path) => path.split('/').slice(0, -1).join('/')));
    const empty = rooms
      .map(({ folder, room }) => (room === '.' ? folder : `${folder}/${room}`))
      .filter((path) => ![...lived].some((one) => one === path || one.startsWith(`${path}/`)));
    expect(empty).toEqual([]);
    expect(importViolations(new Map([['core/attic/a.ts', '']]))[0]).toContain('core/attic/a.ts stands in no room');
    expect(importViolations(new Map([['app/a.ts', '']]))[0]).toContain('app/a.ts stands in no room');
  });
});
