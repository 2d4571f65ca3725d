import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { deployedPackage } from '../../build/package.ts';
import { isRecord, parseRecord } from '../../src/core/values/json.ts';

const FRAMEWORK = '@google-cloud/functions-framework';
const MANIFEST = {
  name: 'warden',
  version: '1.2.3',
  license: 'Apache-2.0',
  engines: { node: '>=24' },
  dependencies: { [FRAMEWORK]: '5.0.5', undici: '8.0.0' },
};

function lockOf(packages: Record<string, unknown>) {
  return { lockfileVersion: 3, packages: { '': {}, ...packages } };
}

const FRAMEWORK_AT = `node_modules/${FRAMEWORK}`;

test('the lock file holds what the framework needs, found as Node finds it, and nothing else', () => {
  const lock = lockOf({
    'node_modules/undici': { version: '8.0.0' },
    [FRAMEWORK_AT]: { version: '5.0.5', dependencies: { near: '1', far: '1' }, optionalDependencies: { absent: '1' } },
    [`${FRAMEWORK_AT}/node_modules/near`]: { version: '1.0.0', dependencies: { far: '1' } },
    'node_modules/near': { version: '2.0.0' },
    'node_modules/far': { version: '1.0.0', peerDependencies: { peer: '1', near: '2' } },
    'node_modules/peer': { version: '1.0.0' },
  });
  const { packages } = deployedPackage(MANIFEST, lock).lock;
  expect(Object.keys(Object(packages))).toEqual([
    '',
    FRAMEWORK_AT,
    `${FRAMEWORK_AT}/node_modules/near`,
    'node_modules/far',
    'node_modules/near',
    'node_modules/peer',
  ]);
});

test('the package and its lock file agree, which npm ci insists on', () => {
  const { manifest, lock } = deployedPackage(MANIFEST, lockOf({ [FRAMEWORK_AT]: { version: '5.0.5' } }));
  const dependencies = { [FRAMEWORK]: '5.0.5' };
  expect(manifest).toMatchObject({ name: 'warden', version: '1.2.3', private: true, dependencies });
  expect(manifest['engines']).toEqual({ node: '24.x' }); // else a Node that is newer than the bundle is pulled
  expect(lock).toMatchObject({ name: 'warden', version: '1.2.3', lockfileVersion: 3, requires: true });
  expect(lock['packages']).toMatchObject({ '': { name: 'warden', version: '1.2.3', dependencies } });
});

test('a lock file that lacks a package is refused', () => {
  const lock = lockOf({ [FRAMEWORK_AT]: { dependencies: { express: '5' } } });
  expect(() => deployedPackage(MANIFEST, lock)).toThrow(`the lock file has no express for ${FRAMEWORK_AT}`);
});

test('every package is named to the digit and locked with its checksum, and a build runs no script of one', () => {
  const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const manifest = parseRecord(textOf('package.json')) ?? {};
  const named = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].flatMap((field) =>
    Object.entries(Object(manifest[field])),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  expect(Object.keys(Object(manifest['dependencies'])).length).toBeLessThan(10);
  const locked = Object.entries(Object((parseRecord(textOf('package-lock.json')) ?? {})['packages']));
  const unproven = locked.filter(([path, entry]) => path !== '' && !(isRecord(entry) && 'integrity' in entry));
  expect(unproven.map(([path]) => path)).toEqual([]);
  expect(textOf('cloudbuild.yaml').match(/npm (?:ci|install)\b.*/g)).toEqual(['npm ci --ignore-scripts']);
});
