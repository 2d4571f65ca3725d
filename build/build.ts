/** `npm run build [folder]`: writes what Cloud Run functions is given, ready to be zipped; into `dist` unless told otherwise. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson, type JsonRecord } from '../src/core/values/json.ts';
import { bundle, ENTRY } from './bundle.ts';
import { deployedPackage } from './package.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

async function jsonIn(file: string): Promise<JsonRecord> {
  const value = parseJson(await readFile(join(root, file), 'utf8'));
  if (!isRecord(value)) throw new TypeError(`${file} does not hold a JSON object`);
  return value;
}

const { manifest, lock } = deployedPackage(await jsonIn('package.json'), await jsonIn('package-lock.json'));
const bytes = await bundle(root);
await rm(join(folder, 'node_modules'), { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await writeFile(join(folder, ENTRY), bytes);
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(join(folder, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${folder}: ${ENTRY}, ${(bytes.length / 1e6).toFixed(1)} MB\n`);
