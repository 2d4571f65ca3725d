import { describe, expect, test } from '@jest/globals';
import {
  keyNameOf,
  parseKeyName,
  parseProjectName,
  parseSecretName,
  projectIn,
  parseVersionName,
  scopeParentOf,
  secretNameOf,
  versionNumberOf,
} from '../../../src/core/google/resource-names.ts';

describe('the name of a secret', () => {
  test.each([
    ['projects/my-project/secrets/gemini', { project: 'my-project', location: 'global', secret: 'gemini' }],
    ['projects/123456789/secrets/a_B-9', { project: '123456789', location: 'global', secret: 'a_B-9' }],
    [
      'projects/example.com:old/locations/europe-west1/secrets/k',
      { project: 'example.com:old', location: 'europe-west1', secret: 'k' },
    ],
  ])('%s is taken apart and put together again', (name, id) => {
    expect(parseSecretName(name)).toEqual(id);
    expect(secretNameOf(id)).toBe(name);
  });

  test.each([
    'projects/p/secrets/',
    'projects/p/secrets/a/versions/1',
    'projects//secrets/a',
    'projects/p/secrets/a.b',
    `projects/p/secrets/${'s'.repeat(256)}`,
    'projects/p/locations/evil.example.com#/secrets/a',
    'projects/p/locations/europe.west1/secrets/a',
    'projects/../secrets/a',
    ' projects/p/secrets/a',
    '',
  ])('"%s" is not one', (name) => {
    expect(parseSecretName(name)).toBeUndefined();
  });

  test('a secret id may be as long as 255 characters', () => {
    const secret = 's'.repeat(255);
    expect(parseSecretName(`projects/p/secrets/${secret}`)?.secret).toBe(secret);
  });
});

describe('where secrets are listed', () => {
  test('the global namespace has no location in its names', () => {
    expect(scopeParentOf({ project: 'p', location: 'global' })).toBe('projects/p');
  });

  test('a region has', () => {
    expect(scopeParentOf({ project: 'p', location: 'europe-west1' })).toBe('projects/p/locations/europe-west1');
  });
});

describe('the name of a version', () => {
  test('splits at its last part, a number, an alias or latest', () => {
    expect(parseVersionName('projects/p/secrets/a/versions/12')).toEqual({
      secret: 'projects/p/secrets/a',
      version: '12',
    });
    expect(parseVersionName('projects/p/locations/europe-west1/secrets/a/versions/current')).toEqual({
      secret: 'projects/p/locations/europe-west1/secrets/a',
      version: 'current',
    });
  });

  test.each(['projects/p/secrets/a', 'projects/p/topics/a/versions/1', 'projects/p/secrets/a/versions/', 'versions/1'])(
    '"%s" is not one',
    (name) => {
      expect(parseVersionName(name)).toBeUndefined();
    },
  );

  test('the number is read only when there is one', () => {
    expect(versionNumberOf('projects/p/secrets/a/versions/12')).toBe(12);
    expect(versionNumberOf('projects/p/secrets/a/versions/current')).toBeUndefined();
    expect(versionNumberOf('projects/p/secrets/a/versions/0')).toBeUndefined();
    expect(versionNumberOf('projects/p/secrets/a/versions/12a')).toBeUndefined();
    expect(versionNumberOf('nonsense')).toBeUndefined();
  });
});

test.each([
  ['projects/demo-project/secrets/a', 'demo-project'],
  ['projects/123/locations/europe-west1/secrets/a/versions/1', '123'],
  ['nonsense', ''],
])('the project in %j is %j', (name, project) => {
  expect(projectIn(name)).toBe(project);
});

test('the name of a key is taken apart, and nothing else is', () => {
  expect(parseKeyName('projects/4711/locations/global/keys/kw-app-key-7')).toEqual({
    project: '4711',
    id: 'kw-app-key-7',
  });
  expect(parseKeyName(keyNameOf('p', 'uid'))).toEqual({ project: 'p', id: 'uid' });
  for (const name of ['projects/4711', 'projects/4711/secrets/keys', 'projects/4711/locations/global/keys/a/b'])
    expect(parseKeyName(name)).toBeUndefined();
});

test.each([
  ['projects/4711', '4711'],
  ['projects/example.com:search', 'example.com:search'],
  ['project_number:4711', undefined],
  ['projects/4711/secrets/a', undefined],
  ['projects/ -x', undefined],
])('the project that %j names is %j', (name, project) => {
  expect(parseProjectName(name)).toBe(project);
});
