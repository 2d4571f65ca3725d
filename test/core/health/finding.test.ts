import { expect, test } from '@jest/globals';
import { CHECK, LIST_VERSIONS } from '../../../src/core/causes/commands.ts';
import { namesOf, valuesAbout } from '../../../src/core/health/finding.ts';
import { shellText } from '../../../src/core/values/command.ts';

test('commands about a regional secret tell gcloud the region', () => {
  const secret = 'projects/123/locations/europe-west1/secrets/app-key';
  const values = valuesAbout({ secret, project: 'demo-project', version: 3 });
  expect(shellText(LIST_VERSIONS, values)).toBe(
    'gcloud secrets versions list app-key --location=europe-west1 --project=demo-project',
  );
  expect(shellText(CHECK, values)).toBe(
    'key-warden check --secret projects/demo-project/locations/europe-west1/secrets/app-key',
  );
});

test('a secret’s name that is none is left as it is', () => {
  expect(namesOf({ secret: 'nonsense', project: 'p', version: undefined })).toEqual({
    project: 'p',
    secret: 'nonsense',
  });
});
