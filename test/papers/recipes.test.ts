import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { testCloud, type TestCloud } from '../support/cloud.ts';

const PAPER = readFileSync(new URL('../../docs/recipes.md', import.meta.url), 'utf8');
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Lines of the blocks that the paper says were run. */
const LINES = [...PAPER.matchAll(/<!-- run -->\n\n```sh\n([\s\S]*?)```/g)].flatMap(([, code = '']) =>
  code.trim().split('\n'),
);
const YAML = [...PAPER.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, code = '']) => code);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
  setUpShowcase(cloud);
});
afterAll(() => cloud.close());

test('blocks that are said to be run are there', () => {
  expect(LINES.length).toBeGreaterThanOrEqual(6);
});

test.each(LINES)('%s works, and prints no key', async (line) => {
  const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT };
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['-euo', 'pipefail', '-c', `key-warden() { "$NODE" "$CLI" "$@"; }; ${line}`],
    { env: { ...process.env, ...environment, NODE: process.execPath, CLI } },
  );
  expect(stdout + stderr).not.toMatch(/AIza|AQ\./);
});

describe('what gcloud is told', () => {
  const walk = readFileSync(new URL('../clients/gcloud/walk.sh', import.meta.url), 'utf8');
  const told = [...PAPER.matchAll(/<!-- gcloud -->\n\n```sh\n([\s\S]*?)```/g)].map(([, code = '']) => code.trim());

  test.each(told)('%s stands in its walk', (line) => {
    const own = line.replace('gcloud ', '').replace('SERVICE', 'walked-web').replace('app-key', 'walked');
    expect(walk).toContain(own);
  });

  test('is there', () => {
    expect(told.length).toBe(2);
  });
});

test('a step of a build server has the key in its one command, and prints none', async () => {
  const steps = YAML.flatMap((text) => [...text.matchAll(/^- run: (.*)$/gm)].map(([, line = '']) => line));
  expect(steps.length).toBe(1);
  const tools = await mkdtemp(join(tmpdir(), 'key-warden-step-'));
  try {
    await writeFile(join(tools, 'npm'), '#!/bin/sh\ntest "$1" = test && test -n "$GEMINI_API_KEY"\n', { mode: 0o755 });
    await writeFile(join(tools, 'npx'), '#!/bin/sh\nshift\nexec "$NODE" "$CLI" "$@"\n', { mode: 0o755 });
    const line = (steps[0] ?? '').replace('search-prod', SHOWCASE_PROJECT).replace('app-key', 'chat-app');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', line], {
      env: {
        ...process.env,
        PATH: `${tools}:${process.env['PATH'] ?? ''}`,
        KEY_WARDEN_EMULATOR: cloud.url,
        NODE: process.execPath,
        CLI,
      },
    });
    expect(stdout + stderr).not.toMatch(/AIza|AQ\./);
  } finally {
    await rm(tools, { recursive: true });
  }
});

describe('what is YAML', () => {
  test.each(YAML)('can be parsed, and names the alias where it names a version', (text) => {
    const parsed: unknown = parse(text);
    expect(parsed).toEqual(expect.anything());
    expect(text).not.toMatch(/versions?[/:] ?(?:latest|\d)/);
  });
});

test('every recipe says what of it was not tried, or is run', () => {
  const recipes = PAPER.split(/^## /m).slice(1);
  expect(recipes.length).toBeGreaterThanOrEqual(10);
  for (const recipe of recipes)
    expect([recipe.split('\n')[0], recipe]).toEqual([
      expect.anything(),
      expect.stringMatching(/<!-- run -->|[Nn]ot tried|not applied/),
    ]);
});
