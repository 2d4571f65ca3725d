import { expect, test } from '@jest/globals';
import { foresee } from '../../../src/app/rehearsal/key-rules.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { KeyRules } from '../../../src/app/ports/key-rules.ts';

const ACCOUNT = 'app@p.iam.gserviceaccount.com';
const ORDER = { project: 'p', keyId: 'k', displayName: 'd', restrictions: {}, annotations: {} };
const GOOD: KeyRules = {
  permittedOn: (_, wanted) => Promise.resolve(wanted),
  isEnforced: () => Promise.resolve(false),
};

async function foreseen(rules: Partial<KeyRules>, serviceAccountEmail?: string) {
  const doubts: string[] = [];
  const order = serviceAccountEmail === undefined ? ORDER : { ...ORDER, serviceAccountEmail };
  await foresee({ ...GOOD, ...rules }, order, (text) => doubts.push(text));
  return doubts;
}

test('a key that may be made is doubted by nobody', async () => {
  expect(await foreseen({}, ACCOUNT)).toEqual([]);
});

test('without the permission on the account it is refused as the issuer would, with what to grant', async () => {
  const refused = foreseen({ permittedOn: () => Promise.resolve([]) }, ACCOUNT);
  await expect(refused).rejects.toMatchObject({
    code: 'denied',
    message: expect.stringContaining('grant iam.serviceAccountApiKeyBindings.create on that account'),
  });
});

test('an enforced policy is a doubt, and so is what could not be asked', async () => {
  expect(await foreseen({ isEnforced: () => Promise.resolve(true) }, ACCOUNT)).toEqual([
    expect.stringContaining('iam.managed.disableServiceAccountApiKeyCreation is enforced in p'),
  ]);
  const fault = () => Promise.reject(new Fault('denied', 'no'));
  expect(await foreseen({ permittedOn: fault, isEnforced: fault }, ACCOUNT)).toEqual([
    `whether you may bind a key to ${ACCOUNT}: no`,
    'whether an organisation policy forbids the key: no',
  ]);
});

test('a standard key is bound to nothing, so nothing is asked', async () => {
  const never = () => Promise.reject(new Error('asked'));
  expect(await foreseen({ permittedOn: never, isEnforced: never })).toEqual([]);
});
