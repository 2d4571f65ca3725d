import { expect, test } from '@jest/globals';
import { namingProjects, rememberProjects } from '../../../src/app/alerts/name-projects.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { projectIn } from '../../../src/core/google/resource-names.ts';
import { NOTICES } from '../../support/notices.ts';
import { memoryVault } from '../../support/twins/memory-vault.ts';
import { stillClock } from '../../support/still-clock.ts';

const SCOPE = { project: 'apps', location: 'global' };

function world() {
  const under = memoryVault(stillClock().now);
  const name = under.create(SCOPE, 'one', {});
  const { vault, projects } = rememberProjects(under);
  const told: Notice[] = [];
  const announcer = namingProjects({ announce: (notice) => Promise.resolve(void told.push(notice)) }, projects);
  return { name, number: projectIn(name), vault, projects, told, announcer };
}

test('a project that was listed by its id is announced by it, whoever knows only the number', async () => {
  const { number, vault, projects, told, announcer } = world();
  const notice = { ...NOTICES['silence.set'], project: number };
  await announcer.announce(notice);
  for await (const _ of vault.list(SCOPE, ''));
  expect(projects.idOf(number)).toBe('apps');
  await announcer.announce(notice);
  await announcer.announce(NOTICES['key.unhealthy']);
  expect(told).toEqual([notice, { ...notice, project: 'apps' }, NOTICES['key.unhealthy']]);
});

test('a look by the id tells as much, and one by the number takes nothing away', async () => {
  const { name, number, vault, projects } = world();
  await vault.look(name);
  expect(projects.idOf(number)).toBe(number);
  await vault.look(name.replace(number, 'apps'));
  await vault.look(name);
  expect(projects.idOf(number)).toBe('apps');
});
