import { expect, test } from '@jest/globals';
import { DESCRIBE_KEY, RESUME } from '../../../src/core/causes/commands.ts';
import { lineFor, valuesOfKey } from '../../../src/core/causes/names.ts';
import { shellText } from '../../../src/core/values/command.ts';

test('a command of ours about a secret is a line to paste', () => {
  expect(lineFor(RESUME, 'projects/p/secrets/app-key')).toBe('key-warden resume --secret projects/p/secrets/app-key');
});

test('a command about a key takes its project and its id from its name', () => {
  expect(shellText(DESCRIBE_KEY, valuesOfKey('projects/4711/locations/global/keys/kw-7'))).toBe(
    'gcloud services api-keys describe kw-7 --project=4711',
  );
  expect(shellText(DESCRIBE_KEY, valuesOfKey('nonsense'))).toContain('describe KEY_ID --project=KEY_PROJECT_ID');
});
