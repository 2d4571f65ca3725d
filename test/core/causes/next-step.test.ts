import { expect, test } from '@jest/globals';
import { nextForFleet, nextStepOf } from '../../../src/core/causes/next-step.ts';

const names = { project: 'search-prod', secret: 'app-key' };

test.each([
  [
    'words, then a command that runs as it stands',
    ['See who did it: `gcloud secrets describe {secret} --project={project}`.', 'Ask again.'],
    { step: 'See who did it:', next: 'gcloud secrets describe app-key --project=search-prod' },
  ],
  [
    'a first step that has a word to replace, and a later command that has none',
    ['Store it: `printf %s "$NEW_KEY" | gcloud secrets versions add {secret}`.', 'Then `key-warden check`.'],
    {
      step: 'Store it: `printf %s "$NEW_KEY" | gcloud secrets versions add app-key`.',
      next: 'key-warden check',
    },
  ],
  ['no command at all', ['Wait for midnight.'], { step: 'Wait for midnight.', next: undefined }],
  ['no step at all', [], { step: '', next: undefined }],
])('what to do first, of %s', (_, remedy, expected) => {
  expect(nextStepOf(remedy, names)).toEqual(expected);
});

test('many secrets are asked about at once: all of them, or those of the project', () => {
  const remedy = ['See how many fail: `key-warden status`.', 'Then `key-warden check --secret {secret}`.'];
  expect(nextForFleet(remedy, undefined).next).toBe('key-warden check');
  expect(nextForFleet(remedy, 'search-prod').next).toBe('key-warden check --project search-prod');
});
