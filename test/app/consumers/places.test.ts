import { expect, test } from '@jest/globals';
import { whereToLook } from '../../../src/app/consumers/places.ts';
import type { Estate, EstateProjects, EstateQuestion } from '../../../src/app/ports/estate.ts';

/** An inventory that knows these projects. */
function estate(found: Partial<EstateProjects>): Estate & { readonly asked: EstateQuestion[] } {
  const asked: EstateQuestion[] = [];
  return {
    asked,
    projects(question) {
      asked.push(question);
      return Promise.resolve({ projects: [], notLooked: [], barred: false, ...found });
    },
  };
}

test('without a scope the named projects are all, and nobody is asked', async () => {
  const inventory = estate({});
  expect(await whereToLook(inventory, { projects: ['p', 'q'], scope: undefined })).toEqual({
    projects: ['p', 'q'],
    notLooked: [],
    barred: false,
    late: [],
  });
  expect(inventory.asked).toEqual([]);
});

test('projects of a scope come after those that are named, each once, by its id where that is known', async () => {
  const inventory = estate({
    projects: [
      { number: '111', id: 'p' },
      { number: '222', id: 'named-by-number' },
      { number: '333', id: 'web-prod' },
      { number: '444', id: undefined },
    ],
  });
  const where = await whereToLook(inventory, { projects: ['p', '222'], scope: 'organizations/9' });
  expect(where.projects).toEqual(['p', '222', 'web-prod', '444']);
  expect(inventory.asked).toMatchObject([
    { scope: 'organizations/9', chargedTo: 'p', holding: expect.arrayContaining(['run.googleapis.com/WorkerPool']) },
  ]);
});

test('an inventory that is late is said so, and a gap in it is a gap', async () => {
  const where = await whereToLook(estate({ notLooked: ['denied'], barred: true }), {
    projects: [],
    scope: 'folders/7',
  });
  expect(where).toEqual({
    projects: [],
    notLooked: ['denied'],
    barred: true,
    late: [expect.stringContaining('projects of folders/7 are those that Cloud Asset Inventory knows, which is late')],
  });
});
