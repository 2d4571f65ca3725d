import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase } from '../../src/emulator/showcase/showcase.ts';
import { blocksOf, type Block } from './markdown.ts';
import { pretendCloud } from '../support/cloud.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Begins a block that needs an account; its first line says so. */
const NEEDS_CLOUD = '# on Google Cloud';

const linesOf = (path: string, wanted: (block: Block) => boolean) =>
  blocksOf({ path, text: textOf(path) })
    .filter((block) => block.language === 'sh' && wanted(block))
    .flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'))
    .filter((line) => line !== '');
const lines = linesOf('README.md', ({ code }) => !code.startsWith(NEEDS_CLOUD));
/** The blocks that steer a pretend cloud on its usual port, without anything to fill in. */
const steering = linesOf('docs/emulator.md', ({ code }) => code.startsWith('curl -s http://127.0.0.1:8085/'));

/** Lines that start something for good or take minutes, and what runs them instead. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, runs: string]>> = {
  'npm ci && npm run demo': ['.ci/run', 'npm run demo'],
  'npm ci && npm test': ['.ci/run', 'npm test'],
  'npx key-warden emulator': ['test/cli/commands.test.ts', "'emulator'"],
  'npm start': ['test/build/deployed.test.ts', 'FUNCTION_TARGET'],
};

const withoutComment = (line: string) => line.replace(/ +# .*$/, '');
const shown = [...lines, ...steering].filter((line) => !(withoutComment(line) in ELSEWHERE));
const here = shown.filter((line) => !line.startsWith('export '));

/** What a reader has exported before the commands. */
const exported = shown
  .filter((line) => line.startsWith('export '))
  .flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value] as const));

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud();
  setUpShowcase(cloud);
});
afterAll(() => cloud.close());

test('the README begins with the two commands', () => {
  expect(lines.slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
});

test.each(Object.entries(ELSEWHERE))('%s is shown, and run elsewhere', (line, [file, runs]) => {
  expect(lines.map(withoutComment)).toContain(line);
  expect(textOf(file)).toContain(runs);
});

test.each(here)('%s does what it says', async (line) => {
  const moved = (text: string) => text.replaceAll('http://127.0.0.1:8085', cloud.url);
  const command = moved(withoutComment(line))
    .replace(/^curl /, 'curl --fail-with-body ')
    .replace(/\bnpx key-warden\b/, 'node src/bin.js');
  const env = { ...process.env, ...Object.fromEntries(exported.map(([name, value]) => [name, moved(value)])) };
  const { code, stdout } = await promisify(execFile)('bash', ['-c', `set -euo pipefail; ${command}`], {
    cwd: root,
    env,
  }).then(
    ({ stdout: out }) => ({ code: 0, stdout: out }),
    ({ code: ended, stdout: out }: { readonly code: number; readonly stdout: string }) => ({
      code: ended,
      stdout: out,
    }),
  );
  const [, ends = '0'] = /# ends with (\d)/.exec(line) ?? [];
  expect(code).toBe(Number(ends));
  expect(stdout.length).toBeGreaterThan(0);
});
