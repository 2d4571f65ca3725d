import { expect, test } from '@jest/globals';
import { rememberLabels } from '../../../src/app/alerts/remember-labels.ts';
import { memoryVault } from '../../support/twins/memory-vault.ts';
import { stillClock } from '../../support/still-clock.ts';

const SCOPE = { project: 'apps', location: 'global' };

test('labels of a secret are remembered from whatever was asked about it, and nothing more is asked', async () => {
  const under = memoryVault(stillClock().now);
  const [one, two] = ['one', 'two'].map((id) => under.create(SCOPE, id, { labels: { team: id } }));
  const { vault, seen } = rememberLabels(under);
  expect(seen.labelsOf(one ?? '')).toEqual({});
  await vault.look(one ?? '');
  expect(seen.labelsOf(one ?? '')).toEqual({ team: 'one' });
  expect(seen.labelsOf(two ?? '')).toEqual({});
  const listed: string[] = [];
  for await (const { name } of vault.list(SCOPE, '')) listed.push(name);
  expect(new Set(listed.map((name) => seen.labelsOf(name)['team']))).toEqual(new Set(['one', 'two']));
  const name = one ?? '';
  const committing = rememberLabels(under);
  await committing.vault.commit(await under.look(name), { annotations: { note: 'x' } });
  expect(committing.seen.labelsOf(name)).toEqual({ team: 'one' });
  expect(under.calls).toEqual(['look', 'list', 'look', 'commit']);
});
