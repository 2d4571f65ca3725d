import { expect, test } from '@jest/globals';
import { keyRuleParts } from '../../../src/app/doctor/key-rule-parts.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { KeyRules } from '../../../src/app/ports/key-rules.ts';

const ACCOUNT = 'app@p.iam.gserviceaccount.com';
const NO_ANSWER = new Fault('unavailable', 'no answer');
const GOOD: KeyRules = {
  permittedOn: (_, wanted) => Promise.resolve(wanted),
  isEnforced: () => Promise.resolve(false),
};
const parts = (rules: Partial<KeyRules>) => keyRuleParts({ ...GOOD, ...rules }, ACCOUNT, ['keys-prod']);

test('all is well where keys may be bound and no policy is enforced', async () => {
  expect(await parts({})).toEqual([
    { title: `account ${ACCOUNT}`, state: 'well', says: 'is there, and you may bind keys to it' },
    {
      title: 'policy iam.managed.disableServiceAccountApiKeyCreation in keys-prod',
      state: 'well',
      says: 'is not enforced',
    },
  ]);
});

test('a missing permission is named with the account and a role that holds it', async () => {
  const [account] = await parts({ permittedOn: () => Promise.resolve(['iam.serviceAccountApiKeyBindings.delete']) });
  expect(account).toEqual({
    title: `account ${ACCOUNT}`,
    state: 'broken',
    says: 'does not exist, or you lack iam.serviceAccountApiKeyBindings.create, iam.serviceAccountApiKeyBindings.undelete on it, for example with roles/iam.serviceAccountApiKeyBindingAdmin',
  });
});

test('an enforced policy is told and is no fault: keys for Gemini alone pass', async () => {
  const [, policy] = await parts({ isEnforced: () => Promise.resolve(true) });
  expect(policy).toMatchObject({ state: 'well', says: expect.stringContaining('is enforced') });
});

test('what could not be asked is unknown', async () => {
  const found = await parts({
    permittedOn: () => Promise.reject(NO_ANSWER),
    isEnforced: () => Promise.reject(NO_ANSWER),
  });
  expect(found.map(({ state, says }) => `${state} ${says}`)).toEqual(['unknown no answer', 'unknown no answer']);
});
