/**
 * `npm run deletions -- src/core/rotation/plan.ts …`: does one small damage after the other to a source file, in memory only, and
 * says which of them neither a test nor the compiler noticed. Without a file, all of `src/core`, which takes an hour.
 */
import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openBench } from './bench.ts';
import { openCompiler } from './compiler.ts';
import { damaged, mutantsOf, type Mutant } from './mutants.ts';
import { affectedBy, importersIn, testFiles } from './tests-of.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : globSync('src/core/**/*.ts', { cwd: root }).toSorted();
const print = (line: string) => process.stdout.write(`${line}\n`);

const usualMs = new Map<string, number>();
await using bench = openBench((test) => usualMs.get(test) ?? 60_000);
const compiler = openCompiler(root);
process.once('SIGINT', () => process.exit(130));
const importers = importersIn(root);
let round = 0;

/** Runs every test file once, undamaged: a test that fails by itself would seem to notice everything. */
async function measure(): Promise<void> {
  for (const test of testFiles(root)) {
    const { failed, why, ms } = await bench.attempt({
      round,
      file: '',
      source: '',
      affected: new Set(),
      tests: [test],
    });
    for (const [path, took] of ms) usualMs.set(path, took);
    if (failed !== undefined) throw new Error(`${relative(root, failed)} fails before anything was damaged: ${why}`);
  }
}

/** Tries the near tests, then the compiler, and the far tests last: most damages are noticed at once. */
async function survivorsIn(file: string, source: string): Promise<readonly Mutant[]> {
  const affected = affectedBy(file, importers);
  const tests = [...usualMs.keys()].filter((test) => affected.has(test));
  const [, folder] = relative(root, file).split('/');
  const near = tests.filter((test) => test.includes(`/test/${folder}/`));
  const far = tests.filter((test) => !near.includes(test));
  const noticed = new Map<string, number>();
  const worth = (test: string) => ((noticed.get(test) ?? 0) + 0.01) / (usualMs.get(test) ?? 1);
  const isNoticed = async (damage: string, by: readonly string[]) => {
    if (by.length === 0) return false;
    round += 1;
    const order = by.toSorted((one, other) => worth(other) - worth(one));
    const { failed } = await bench.attempt({ round, file, source: damage, affected, tests: order });
    if (failed !== undefined) noticed.set(failed, (noticed.get(failed) ?? 0) + 1);
    return failed !== undefined;
  };
  const survivors: Mutant[] = [];
  for (const mutant of mutantsOf(source)) {
    const damage = damaged(source, mutant);
    if (await isNoticed(damage, near)) continue;
    if (!compiler.compiles(relative(root, file), damage, source)) continue;
    if (!(await isNoticed(damage, far))) survivors.push(mutant);
  }
  return survivors;
}

function told(source: string, { kind, start, end, replacement }: Mutant): string {
  const flat = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);
  const line = source.slice(0, start).split('\n').length;
  return `  ${line} ${kind}: ${flat(source.slice(start, end))} → ${flat(replacement) || 'nothing'}`;
}

await measure();
let survived = 0;
for (const path of wanted) {
  const file = resolve(root, path);
  const source = readFileSync(file, 'utf8');
  const survivors = await survivorsIn(file, source);
  survived += survivors.length;
  print(`${path}: ${survivors.length} of ${mutantsOf(source).length} went unnoticed`);
  for (const mutant of survivors) print(told(source, mutant));
}
process.exitCode = survived > 0 ? 1 : 0;
