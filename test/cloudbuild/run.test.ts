import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('../../build/run-cloudbuild.ts', import.meta.url));
const run = (...steps: readonly string[]) =>
  spawnSync(process.execPath, [runner, ...steps], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))}:${process.env['PATH']}`,
    },
  });

test('a step of cloudbuild.yaml runs here as it stands there, and the repository holds no secret', () => {
  const { status, stdout } = run('secrets');
  expect(stdout).toMatch(/^cloudbuild: secrets\nsecret scan: \d+ files, 0 found\n$/);
  expect(status).toBe(0);
});

test('a step that needs the cloud, or is none, is not run', () => {
  const { status, stderr } = run('plan', 'nonsense');
  expect(status).toBe(2);
  expect(stderr).toContain('no such step here: plan, nonsense; known: install, check');
});
