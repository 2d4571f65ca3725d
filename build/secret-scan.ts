/** `node build/secret-scan.ts [folder]`: exit 1 when a file holds something shaped like a credential; see secret-shapes.ts. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { secretsIn } from './secret-shapes.ts';

/** What git ignores. A walk needs no git, which refuses a checkout that another user owns, as a build’s is. */
const NOT_OURS = new Set(['.git', '.env', 'node_modules', 'coverage', 'dist', 'out', '.terraform']);

const root = resolve(process.argv[2] ?? '.');

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !NOT_OURS.has(name));
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? await filesUnder(path) : entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

const files = await filesUnder(root);
let count = 0;
for (const path of files)
  for (const { line, kind } of secretsIn(await readFile(path, 'latin1'))) {
    count += 1;
    process.stderr.write(`${relative(root, path)}:${line}: ${kind}\n`);
  }
process.stdout.write(`secret scan: ${files.length} files, ${count} found\n`);
process.exitCode = count === 0 ? 0 : 1;
