import { expect, test } from '@jest/globals';
import { deployedPackage } from '../../build/package.ts';

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
  expect(lock).toMatchObject({ name: 'warden', version: '1.2.3', lockfileVersion: 3, requires: true });
  expect(lock['packages']).toMatchObject({ '': { name: 'warden', version: '1.2.3', dependencies } });
});

test('a lock file that lacks a package is refused', () => {
  const lock = lockOf({ [FRAMEWORK_AT]: { dependencies: { express: '5' } } });
  expect(() => deployedPackage(MANIFEST, lock)).toThrow(`the lock file has no express for ${FRAMEWORK_AT}`);
});
