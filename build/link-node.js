// After `npm ci`: makes `node` in every npm script the bundled one, where npm did not link it by itself.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledNode } from '../src/bundled-node.js';

const link = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const node = bundledNode();
if (node !== undefined && !existsSync(link)) {
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(node, link);
}
