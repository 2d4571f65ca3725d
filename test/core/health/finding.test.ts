import { expect, test } from '@jest/globals';
import { CHECK, LIST_VERSIONS } from '../../../src/core/causes/commands.ts';
import { diagnosisOf, namesOf, valuesAbout, valuesFor } from '../../../src/core/health/finding.ts';
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

const SEEN = { secret: 'projects/123/secrets/app-key', project: 'demo-project', version: 3 };
const BILLING = diagnosisOf('billing_disabled', 'off');
const KEY_NAME = 'projects/4711/locations/global/keys/kw-7';

test('whose the key is comes from the answer, and from the record where the answer does not say', () => {
  expect(valuesFor({ ...SEEN, diagnosis: { ...BILLING, keyProject: '4711' } }).keyProject).toBe('4711');
  expect(valuesFor({ ...SEEN, diagnosis: BILLING, keyName: KEY_NAME })).toMatchObject({
    project: 'demo-project',
    keyProject: '4711',
    keyId: 'kw-7',
  });
  expect(valuesFor({ ...SEEN, diagnosis: BILLING }).keyProject).toBeUndefined();
});

test('a record that names another project than the answer is about another key', () => {
  const values = valuesFor({ ...SEEN, diagnosis: { ...BILLING, keyProject: '9' }, keyName: KEY_NAME });
  expect([values.keyProject, values.keyId]).toEqual(['9', undefined]);
  expect(valuesFor({ ...SEEN, diagnosis: BILLING, keyName: 'nonsense' }).keyProject).toBeUndefined();
});
