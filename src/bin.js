#!/usr/bin/env node
// The `key-warden` command. Plain JavaScript, so that it starts under any Node and can say what it needs: the sources
// run as they are under Node 24, which the repository brings along (optionalDependencies) for machines with an older one.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bundledNode } from './bundled-node.js';

const NODE_MAJOR_MIN = 24;
const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (cli.includes('/node_modules/')) {
  // npm installs a repository as it is, and no Node strips types from what it installed.
  process.stderr.write('key-warden was installed from its sources, which cannot be run where npm puts them.\n');
  process.stderr.write('Build the package in a clone and install that: docs/reference/install.md.\n');
  process.exit(4);
}
if (major >= NODE_MAJOR_MIN) {
  await import('./cli.ts');
} else {
  const bundled = bundledNode();
  if (bundled === undefined) {
    process.stderr.write(`key-warden needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}.\n`);
    process.stderr.write('Run `npm ci` in the checkout, which brings one along, or install Node from your system.\n');
    process.exit(4);
  }
  const child = spawn(bundled, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
