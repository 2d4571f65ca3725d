import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** A copy of the tree in which sources may be replaced and type-checked; it goes when the process ends. */
export function openCompiler(root: string) {
  const copy = mkdtempSync(join(tmpdir(), 'key-warden-deletions-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const part of ['src', 'test', 'bench', 'build', 'tsconfig.json', 'package.json', 'jest.config.js'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const check = (project: string) => spawnSync(process.execPath, [tsc, '-p', project], { cwd: copy }).status === 0;
  return {
    /** Whether the compiler lets `source` pass in the place of `original`. */
    compiles(file: string, source: string, original: string): boolean {
      writeFileSync(join(copy, file), source);
      const passes = check('src/core') && check('.');
      writeFileSync(join(copy, file), original);
      return passes;
    },
  };
}
