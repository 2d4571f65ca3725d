import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { startPretendCloud, type PretendCloud } from '../../src/emulator/server.ts';
import { blocksOf, type Block } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Begins a block that needs an account; its first line says so. */
const NEEDS_CLOUD = '# on Google Cloud';

const blocks = blocksOf({ path: 'README.md', text: textOf('README.md') }).filter(
  ({ language, code }: Block) => language === 'sh' && !code.startsWith(NEEDS_CLOUD),
);
const lines = blocks.flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n')).filter((line) => line !== '');

/** Lines that start something for good or take minutes, and what runs them instead. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, runs: string]>> = {
  'npm ci && npm run demo': ['.ci/run', 'npm run demo'],
  'npm ci && npm test': ['.ci/run', 'npm test'],
  'npx key-warden emulator': ['test/cli/commands.test.ts', "'emulator'"],
  'npm start': ['test/build/deployed.test.ts', 'FUNCTION_TARGET'],
};

const withoutComment = (line: string) => line.replace(/ +# .*$/, '');
const here = lines.map(withoutComment).filter((line) => !(line in ELSEWHERE));

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await startPretendCloud();
});
afterAll(() => cloud.close());

test('the README begins with the two commands', () => {
  expect(lines.slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
});

test.each(Object.entries(ELSEWHERE))('%s is shown, and run elsewhere', (line, [file, runs]) => {
  expect(lines.map(withoutComment)).toContain(line);
  expect(textOf(file)).toContain(runs);
});

test.each(here)(
  '%s does what it says',
  async (line) => {
    const command = line
      .replaceAll('http://127.0.0.1:8085', cloud.url)
      .replace(/^curl /, 'curl --fail-with-body ')
      .replace(/\bnpx key-warden\b/, 'node src/bin.js');
    const { stdout } = await promisify(execFile)('bash', ['-c', `set -euo pipefail; ${command}`], { cwd: root });
    expect(stdout.length).toBeGreaterThan(0);
  },
  60_000,
);
