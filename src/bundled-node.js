// The Node 24 that the repository brings along. Plain JavaScript, so that any Node can run it. npm 10 does not link the
// command of an optional package that other packages name as well, so it is looked for in the packages themselves.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PACKAGES = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];

/** Path of the bundled Node for this machine; `undefined` when it was not installed. */
export function bundledNode() {
  return PACKAGES.map((name) => fileURLToPath(new URL(`../node_modules/${name}/bin/node`, import.meta.url))).find(
    existsSync,
  );
}
