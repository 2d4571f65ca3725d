/** Runs test files without Jest, over a source tree of which one file is replaced in memory. */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { jestGlobals } from './jest-globals.ts';

/** One try of some test files. Paths are absolute. */
export interface Trial {
  /** Tells modules of this trial from those of earlier ones. */
  readonly round: number;
  readonly file: string;
  readonly source: string;
  /** What must be loaded anew: the file and whatever imports it. */
  readonly affected: ReadonlySet<string>;
  readonly tests: readonly string[];
}

/** Said after each test file; nothing is said after a failure. */
export interface Said {
  readonly test: string;
  readonly ms: number;
  readonly failure?: string | undefined;
}

const GLOBALS = 'jest:globals';
const javascript = new Map<string, string>();
let trial: Trial | undefined;

function strippedFile(path: string): string {
  const code = javascript.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
  javascript.set(path, code);
  return code;
}

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: `${GLOBALS}?${context.parentURL}`, shortCircuit: true };
    const found = next(specifier, context);
    const isStale =
      trial !== undefined && found.url.startsWith('file:') && trial.affected.has(fileURLToPath(found.url));
    return isStale ? { ...found, url: `${found.url}?${trial?.round}` } : found;
  },
  load(url, context, next) {
    if (url.startsWith(GLOBALS)) {
      const names = Object.keys(jestGlobals().globals).join(', ');
      return { format: 'module', source: `export const { ${names} } = globalThis.jestGlobals;`, shortCircuit: true };
    }
    if (!/\.ts(?:\?\d+)?$/.test(url) || url.includes('/node_modules/')) return next(url, context);
    const path = fileURLToPath(url);
    const source = path === trial?.file ? stripTypeScriptTypes(trial.source) : strippedFile(path);
    return { format: 'module', source, shortCircuit: true };
  },
});

/** What failed, or `undefined`. A source that cannot even be loaded fails. */
async function failureOf(test: string): Promise<string | undefined> {
  const { globals, run } = jestGlobals();
  Object.assign(globalThis, { jestGlobals: globals });
  try {
    await import(test);
    await run();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

async function tryTests({ tests }: Trial): Promise<void> {
  for (const test of tests) {
    const began = performance.now();
    const failure = await failureOf(test);
    parentPort?.postMessage({ test, ms: performance.now() - began, failure } satisfies Said, []);
    if (failure !== undefined) return;
  }
}

parentPort?.on('message', (next: Trial) => {
  trial = next;
  void tryTests(next);
});
