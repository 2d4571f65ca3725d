/**
 * `npm run readers [node python go]`: builds the three readers as packages, installs each beside the SDKs that it is for, and
 * plays every scenario with each way of asking. A tool that is missing is said loudly, and makes it end with 1.
 */
import { cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installed, type Toolchain } from '../clients/toolchain.ts';
import { goProxy } from './go-proxy.ts';
import { played, SCENARIOS } from './conformance.ts';

interface Language extends Toolchain {
  readonly run: readonly string[];
  /** How a request is sent: by hand, or by an SDK that the reader is put into. */
  readonly ways: readonly string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const workshop = join(tmpdir(), 'key-warden-readers');
const reader = goProxy(root, join(workshop, 'proxy'));
/** Whatever else is needed comes from where it always does. */
const { GOPROXY = 'https://proxy.golang.org,direct' } = process.env;

/** A command that gets the reader for Go from its proxy, as from any other. */
function withProxy(...words: readonly string[]): readonly string[] {
  const proxies = `file://${join(workshop, 'proxy')},${GOPROXY}`;
  return ['env', `GOPROXY=${proxies}`, `GONOSUMDB=${reader.path}`, 'GOFLAGS=-mod=mod', ...words];
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  node: {
    tool: 'npm',
    install: [
      ['npm', 'pack', '--silent', '../../node'],
      ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts'],
    ],
    run: [process.execPath, 'driver.js', 'gemini-key-reader'],
    ways: ['fetch', 'genai', 'genai_run', 'openai', 'openai_run'],
  },
  python: {
    tool: 'python3',
    install: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
      ['venv/bin/pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', '.', '../../python'],
      [
        'venv/bin/pip',
        'install',
        '--quiet',
        '--force-reinstall',
        '--no-deps',
        'gemini_key_reader-0.1.0-py3-none-any.whl',
      ],
    ],
    run: ['venv/bin/python', 'driver.py'],
    ways: ['fetch', 'genai', 'genai_async', 'genai_run', 'openai'],
  },
  go: {
    tool: 'go',
    install: [
      withProxy('go', 'get', `${reader.path}@${reader.version}`),
      withProxy('go', 'vet', './...'),
      withProxy('go', 'build', '-o', 'driver', '.'),
    ],
    run: ['./driver'],
    ways: ['fetch', 'genai'],
  },
};

const clients = join(root, 'clients');
const asked = process.argv.slice(2);
const outcomes: boolean[] = [];

for (const library of ['node', 'python']) {
  rmSync(join(workshop, library), { recursive: true, force: true });
  cpSync(join(clients, library), join(workshop, library), { recursive: true });
}
for (const [name, language] of Object.entries(LANGUAGES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const cwd = await installed(name, join(clients, 'conformance', name), join(workshop, 'conformance', name), language);
  if (cwd === undefined) outcomes.push(false);
  else for (const way of language.ways) outcomes.push(await isConform(name, { command: language.run, cwd }, way));
}
const failed = outcomes.filter((passed) => !passed).length;
process.stdout.write(`readers: ${outcomes.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function isConform(name: string, driver: Parameters<typeof played>[0], way: string): Promise<boolean> {
  let passed = 0;
  for (const scenario of SCENARIOS) {
    // only requests differ between ways
    if (way !== 'fetch' && !scenario.steps.some((step) => step.do === 'ask')) continue;
    const wrong = await played(driver, scenario, way);
    if (wrong.length === 0) passed += 1;
    for (const line of wrong) process.stdout.write(`${name}, ${way}: ${scenario.title}: ${line}\n`);
    if (wrong.length > 0) return false;
  }
  process.stdout.write(`${name}: ${passed} scenarios, asked by ${way}\n`);
  return true;
}
