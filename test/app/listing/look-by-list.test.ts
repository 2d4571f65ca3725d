import { expect, test } from '@jest/globals';
import { lookByList } from '../../../src/app/listing/look-by-list.ts';
import type { SecretScope } from '../../../src/app/ports/ports.ts';
import { memoryVault } from '../../support/twins/memory-vault.ts';

const SCOPE: SecretScope = { project: 'p-1', location: 'global' };

/** Lists whatever is there: what Secret Manager finds by `name:` is more than the one that is meant. */
function lookAmong(...ids: readonly string[]) {
  const vault = memoryVault();
  const filters: string[] = [];
  for (const id of ids) vault.create(SCOPE, id);
  const list = (scope: SecretScope, filter: string) => {
    filters.push(filter);
    return vault.list(scope, '');
  };
  return { filters, look: lookByList({ list }).look };
}

test('a secret is found in the list of its project, and not one whose name only contains its own', async () => {
  const { look, filters } = lookAmong('a-book', 'book', 'book-2');
  expect((await look('projects/p-1/secrets/book')).name).toMatch(/\/secrets\/book$/);
  expect(filters).toEqual(['name:book']);
});

test.each(['projects/p-1/secrets/bo', 'book'])('%s is not found, and that is said', async (name) => {
  await expect(lookAmong('book').look(name)).rejects.toMatchObject({
    code: 'not_found',
    message: `Cannot find ${name} in the list of its project.`,
  });
});
