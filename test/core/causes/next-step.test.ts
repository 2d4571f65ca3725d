import { expect, test } from '@jest/globals';
import { CAUSES } from '../../../src/core/causes/causes.ts';
import { ADD_NEW_KEY, CHECK, STATUS_OF_ALL } from '../../../src/core/causes/commands.ts';
import { fleetValues, valuesOf } from '../../../src/core/causes/names.ts';
import { nextForFleet, nextStepOf } from '../../../src/core/causes/next-step.ts';
import type { Step } from '../../../src/core/causes/step.ts';

const NAMES = { project: 'search-prod', secret: 'app-key' };
const values = valuesOf(NAMES);
const step = (row: Omit<Step, 'for'>): Step => ({ ...row, for: 'secret-owner' });

test.each<readonly [string, readonly Step[], object]>([
  [
    'a command that runs as it stands: the words above it',
    [step({ do: 'Ask again', command: CHECK, also: 'A broken transfer passes.' }), step({ do: 'Wait' })],
    { step: 'Ask again:', next: 'key-warden check --secret projects/search-prod/secrets/app-key' },
  ],
  [
    'a command with a word to replace: within the words, and no other step’s command below them',
    [step({ do: 'Store it', command: ADD_NEW_KEY }), step({ do: 'Ask again', command: CHECK })],
    {
      step: 'Store it: `printf %s "$NEW_KEY" | gcloud secrets versions add app-key --data-file=- --project=search-prod`.',
    },
  ],
  [
    'words alone: no other step’s command',
    [step({ do: 'Wait' }), step({ do: 'Ask', command: CHECK })],
    { step: 'Wait.' },
  ],
  ['no step at all', [], {}],
])('what to do first, of %s', (_, remedy, expected) => {
  expect(nextStepOf(remedy, values)).toEqual(expected);
});

test('the key’s project is named where it is known, and has to be found where it is not', () => {
  const { remedy } = CAUSES.service_disabled;
  expect(nextStepOf(remedy, valuesOf({ ...NAMES, keyProject: '4711' }))).toEqual({
    step: 'Enable it in the project that owns the key:',
    next: 'gcloud services enable generativelanguage.googleapis.com --project=4711',
  });
  expect(nextStepOf(remedy, values)).toEqual({
    step: expect.stringMatching(/^Find out which project owns the key/),
  });
});

test('many secrets are asked about at once: all of them, or those of the project', () => {
  const remedy = [
    step({ do: 'See how many fail', command: STATUS_OF_ALL, alone: true }),
    step({ do: 'Ask again', command: CHECK }),
  ];
  expect(nextForFleet(remedy, fleetValues(undefined)).next).toBe('key-warden check');
  expect(nextForFleet(remedy, fleetValues('search-prod')).next).toBe('key-warden check --project search-prod');
});
