import { expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goProxy } from './go-proxy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

test('the module is named where the repository is, so that go get finds it there', () => {
  const { repository } = JSON.parse(textOf('package.json')) as { readonly repository: { readonly url: string } };
  const address = repository.url.replace(/^git\+https:\/\//, '').replace(/\.git$/, '');
  const path = `${address}/clients/go`;
  expect(textOf('clients/go/go.mod')).toContain(`module ${path}\n`);
  expect(textOf('clients/go/README.md')).toContain(`go get ${path}@v`);
  expect(textOf('clients/conformance/go/main.go')).toContain(`keyreader "${path}"`);
});

test('nothing of it is replaced by a folder beside it', () => {
  expect(textOf('clients/conformance/go/go.mod')).not.toMatch(/^replace/m);
  expect(textOf('clients/go/go.mod')).not.toMatch(/^(?:replace|require)/m);
});

test('what is committed of it is all that a proxy needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'key-warden-go-'));
  try {
    const { path, version } = goProxy(root, folder);
    expect(version).toMatch(/^v0\.1\.1-0\.\d{14}-[0-9a-f]{12}$/);
    for (const ending of ['info', 'mod', 'zip'])
      expect(existsSync(join(folder, path, '@v', `${version}.${ending}`))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
