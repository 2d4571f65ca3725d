import { expect, test } from '@jest/globals';
import { isWithin } from '../../../src/app/listing/within-scope.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { SCOPE, stage } from '../../support/stage.ts';

test('a secret is within by its project’s id, by its number, and not by a name alone (I16)', async () => {
  const { vault, secret } = stage();
  const name = await secret('gemini', ['x']);
  expect(name).toMatch(/^projects\/\d+\//);
  const asked = (of: string, scopes = [SCOPE]) => isWithin(vault, scopes, of);
  expect(await asked(`projects/${SCOPE.project}/secrets/any`)).toBe(true);
  expect(await asked(name)).toBe(true);
  expect(await asked(name.replace(/\d+/, '999999'))).toBe(false);
  expect(await asked('projects/999999/secrets/nowhere')).toBe(false);
  expect(await asked('nonsense')).toBe(false);
  expect(await asked(name, [{ ...SCOPE, location: 'europe-west1' }])).toBe(false);
  vault.failNext('look', new Fault('unavailable', 'busy'));
  await expect(asked(name)).rejects.toMatchObject({ code: 'unavailable' });
});
