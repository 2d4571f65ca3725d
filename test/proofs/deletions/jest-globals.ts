import { createRequire } from 'node:module';
import type { expect } from '@jest/globals';

type Step = (...values: readonly unknown[]) => unknown;
type Hook = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

interface Suite {
  readonly hooks: Readonly<Record<Hook, Step[]>>;
  readonly parts: (Suite | Step)[];
}

/** Jest’s own `expect`, which its globals refuse to hand out outside of Jest. */
const { jestExpect } = createRequire(createRequire(import.meta.url).resolve('@jest/globals'))('@jest/expect') as {
  readonly jestExpect: typeof expect;
};

function newSuite(): Suite {
  return { hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }, parts: [] };
}

/**
 * What `@jest/globals` offers, as far as tests of `src/core` and `src/app` use it. What one test file tells it is done
 * by `run`, which rejects with the first failure.
 */
export function jestGlobals() {
  const top = newSuite();
  let open = top;
  const describe = (_: string, body: Step): void => {
    const outer = open;
    open = newSuite();
    outer.parts.push(open);
    body();
    open = outer;
  };
  const test = (_: string, body: Step): void => void open.parts.push(body);
  const hook = (name: Hook) => (body: Step) => void open.hooks[name].push(body);
  const each =
    (tell: (name: string, body: Step) => void) => (rows: readonly unknown[]) => (name: string, body: Step) => {
      for (const row of rows) tell(name, () => (Array.isArray(row) ? body(...row) : body(row)));
    };
  const globals = {
    describe: Object.assign(describe, { each: each(describe) }),
    test: Object.assign(test, { each: each(test), skip: () => {} }),
    beforeAll: hook('beforeAll'),
    afterAll: hook('afterAll'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
    expect: jestExpect,
  };
  return { globals, run: () => runSuite(top, [], []) };
}

async function runSuite({ hooks, parts }: Suite, before: readonly Step[], after: readonly Step[]): Promise<void> {
  const beforeEach = [...before, ...hooks.beforeEach];
  const afterEach = [...hooks.afterEach, ...after];
  try {
    for (const step of hooks.beforeAll) await step();
    for (const part of parts)
      if (typeof part === 'function') await runTest(part, beforeEach, afterEach);
      else await runSuite(part, beforeEach, afterEach);
  } finally {
    for (const step of hooks.afterAll) await step();
  }
}

async function runTest(body: Step, before: readonly Step[], after: readonly Step[]): Promise<void> {
  try {
    for (const step of before) await step();
    await body();
  } finally {
    for (const step of after) await step();
  }
}
