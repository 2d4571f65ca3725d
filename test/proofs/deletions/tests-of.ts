import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { importsOf } from '../../architecture/import-rules.ts';

/** Test files that start servers or look at whole histories: minutes for a mutant, and none that others let live. */
const LEFT_OUT = ['verdict-properties', 'rehearsal-over-http', 'quick-start', 'commands', 'cost', 'links'];

/** Test files that may be run in one thread, without Jest. Paths are absolute. */
export function testFiles(root: string): readonly string[] {
  return globSync('test/{core,app,papers}/**/*.test.ts', { cwd: root })
    .filter((path) => !LEFT_OUT.some((name) => path.endsWith(`/${name}.test.ts`)))
    .map((path) => resolve(root, path))
    .toSorted();
}

/** For each file, what imports it. */
export function importersIn(root: string): ReadonlyMap<string, readonly string[]> {
  const edges = globSync('{src,test}/**/*.ts', { cwd: root }).flatMap((path) => {
    const from = resolve(root, path);
    const targets = importsOf(readFileSync(from, 'utf8')).filter((target) => target.startsWith('.'));
    return targets.map((target) => ({ from, to: resolve(dirname(from), target) }));
  });
  return new Map([...Map.groupBy(edges, ({ to }) => to)].map(([to, found]) => [to, found.map(({ from }) => from)]));
}

/** The file and whatever imports it, however indirectly. */
export function affectedBy(file: string, importers: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const affected = new Set([file]);
  for (const path of affected) for (const importer of importers.get(path) ?? []) affected.add(importer);
  return affected;
}
