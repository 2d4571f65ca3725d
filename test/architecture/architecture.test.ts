import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { importsOf, importViolations } from './import-rules.ts';

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
    ['core/a.ts', "import { b } from '../app/b.ts';", 'core/a.ts imports app (../app/b.ts)'],
    ['core/a.ts', "import { readFile } from 'node:fs';", 'core/a.ts imports the package node:fs'],
    ['core/a.ts', 'const now = Date.now();', 'core/a.ts touches the world: Date.now'],
    ['app/a.ts', "import type { X } from '../edge/x.ts';", 'app/a.ts imports edge (../edge/x.ts)'],
    [
      'app/a.ts',
      "import { SecretManagerServiceClient } from '@google-cloud/secret-manager';",
      'app/a.ts imports the package @google-cloud/secret-manager',
    ],
    ['app/a.ts', 'const x = process.env;', 'app/a.ts touches the world: process.'],
    ['edge/a.ts', "export { x } from '../emulator/x.ts';", 'edge/a.ts imports emulator (../emulator/x.ts)'],
    ['edge/a.ts', "const x = await import('../cli/x.ts');", 'edge/a.ts imports cli (../cli/x.ts)'],
    ['edge/deep/a.ts', "import '../../wire.ts';", 'edge/deep/a.ts imports . (../../wire.ts)'],
    ['emulator/a.ts', "import { x } from '../edge/x.ts';", 'emulator/a.ts imports edge (../edge/x.ts)'],
    ['functions/a.ts', "import { x } from '../emulator/x.ts';", 'functions/a.ts imports emulator (../emulator/x.ts)'],
    ['wire.ts', "import { x } from './emulator/x.ts';", 'wire.ts imports emulator (./emulator/x.ts)'],
  ])('finds a violation planted in %s: %s', (path, source, sentence) => {
    expect(importViolations(new Map([[path, source]]))).toEqual([sentence]);
  });

  test.each([
    ['core/a.ts', "import { b } from './b.ts';"],
    ['app/a.ts', "import { b } from '../core/b.ts';"],
    ['edge/a.ts', "import { Pool } from 'undici';\nimport { Fault } from '../app/fault.ts';"],
    ['cli/a.ts', "const { x } = await import('../emulator/server.ts');"],
    ['serve.ts', "import { x } from './emulator/server.ts';"],
  ])('lets %s be: %s', (path, source) => {
    expect(importViolations(new Map([[path, source]]))).toEqual([]);
  });
});
