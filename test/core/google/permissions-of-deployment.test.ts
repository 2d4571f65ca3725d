import { readdirSync, readFileSync } from 'node:fs';
import { VAULT_PERMISSIONS } from '../../../src/core/google/vault-permissions.ts';
import { describe, expect, test } from '@jest/globals';
import { grantsOf, IDENTITIES, OPERATOR } from '../../../src/core/google/permissions-of-deployment.ts';

const EDGE = new URL('../../../src/edge/', import.meta.url);
const rows = Object.entries(IDENTITIES);
const deployed = rows.flatMap(([, { grants }]) => grants.map((grant) => grant.needs));
const needs = new Set([...deployed, ...OPERATOR.map((grant) => grant.needs)]);

/** It says itself what is asked for it, and what that needs. */
const ACCOUNT_STATES = new URL('../../../src/app/inventory/account-states.ts', import.meta.url);

/** What the edge says a call needs, when it is refused, and who looks through it. */
function namedInTheEdge(): ReadonlySet<string> {
  const named = readdirSync(EDGE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((file) => new URL(file, EDGE))
    .concat(ACCOUNT_STATES)
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/permission: '([\w.]+)'/g)].map(([, name = '']) => name),
    );
  return new Set([...named, ...Object.values(VAULT_PERMISSIONS).map(({ permission }) => permission)]);
}

describe('the permissions', () => {
  test('are exactly those that a call can be refused for: none is missing, none in reserve', () => {
    const permissions = [...needs].filter((name) => !name.startsWith('roles/'));
    expect(permissions.toSorted()).toEqual([...namedInTheEdge()].toSorted());
  });

  test('of the person who runs doctor are read-only, and in no account of the deployment', () => {
    for (const { needs: permission } of OPERATOR) {
      expect(permission).toMatch(/\.(get|list)$/);
      expect(deployed).not.toContain(permission);
    }
  });

  test.each(rows)('of %s are each listed once', (_, { grants }) => {
    const lines = grants.map((grant) => `${grant.needs} on ${grant.on}`);
    expect(lines).toEqual([...new Set(lines)]);
  });

  test('only the reacher changes consumers, and it reads no key', () => {
    const changing = rows.filter(([, { grants }]) =>
      grants.some((grant) => /^run\..*\.update$|User$/.test(grant.needs)),
    );
    expect(changing.map(([identity]) => identity)).toEqual(['reacher']);
    const all = changing.flatMap(([, { grants }]) => grants.map((grant) => grant.needs));
    expect(all.filter((one) => /versions\.access|getKeyString|secrets\.update|^apikeys/.test(one))).toEqual([]);
  });

  test('no entry point has two identities', () => {
    const runs = rows.flatMap(([, row]) => row.runs);
    expect(runs).toEqual([...new Set(runs)]);
  });

  test('nobody who can destroy a version can add one, and nobody who delivers alerts can read a key', () => {
    for (const [, { grants }] of rows) {
      const all = grants.map((grant) => grant.needs);
      expect(all.includes('secretmanager.versions.destroy') && all.includes('secretmanager.versions.add')).toBe(false);
    }
    expect(grantsOf('notifier', 'each watched secret').map((grant) => grant.needs)).toEqual([
      'secretmanager.secrets.get',
    ]);
  });

  test('whoever shows the page lists metadata and does nothing else', () => {
    expect(IDENTITIES.viewer.grants.map((grant) => grant.needs)).toEqual(['secretmanager.secrets.list']);
  });

  test('only the rotator makes keys, and only the purger destroys versions', () => {
    const holders = (permission: string) =>
      rows.filter(([, { grants }]) => grants.some((grant) => grant.needs === permission)).map(([name]) => name);
    expect(holders('apikeys.keys.create')).toEqual(['rotator']);
    expect(holders('secretmanager.versions.destroy')).toEqual(['purger']);
  });
});
