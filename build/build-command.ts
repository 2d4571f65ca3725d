/** `npm run build:command [folder]`: writes the command and the pretend cloud as one package, ready for `npm pack`; into `out/command`. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson } from '../src/core/values/json.ts';
import { bundleCommand, commandManifest, librariesIn, noticeOf, NOTICES } from './command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, 'out/command'));

const manifest = parseJson(await readFile(join(root, 'package.json'), 'utf8'));
if (!isRecord(manifest)) throw new TypeError('package.json does not hold a JSON object');
const { files, inputs } = await bundleCommand(root);
const notices = await Promise.all(librariesIn(inputs).map((library) => noticeOf(join(root, library))));
await rm(folder, { recursive: true, force: true });
for (const [name, bytes] of files) {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes, { mode: 0o755 });
}
await writeFile(join(folder, NOTICES), notices.join(`\n${'-'.repeat(80)}\n\n`));
await writeFile(join(folder, 'package.json'), `${JSON.stringify(commandManifest(manifest), null, 2)}\n`);
for (const file of ['LICENSE', 'build/emulator.d.ts'])
  await copyFile(join(root, file), join(folder, file.replace('build/', '')));
const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
process.stdout.write(`${folder}: ${files.size} files, ${(size / 1e6).toFixed(1)} MB\n`);
