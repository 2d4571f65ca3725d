import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { googleKeyRules } from '../../../src/edge/api-keys/key-rules.ts';
import { BINDING_PERMISSIONS, BINDING_ROLE, BOUND_KEYS_CONSTRAINT } from '../../../src/core/google/key-rules.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { stillClock } from '../../support/still-clock.ts';
import { pretendCloud } from '../../support/cloud.ts';

const ACCOUNT = 'app-keys@demo-project.iam.gserviceaccount.com';
let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud();
});
afterAll(() => cloud.close());

const rulesAt = (url: string) =>
  googleKeyRules({ iamUrl: url, orgPolicyUrl: url, clock: stillClock(), random: () => 0 });

describe('what may stand in the way of making keys', () => {
  test('is asked on the account that they are bound to', async () => {
    const rules = rulesAt(cloud.url);
    expect(await rules.permittedOn(ACCOUNT, BINDING_PERMISSIONS)).toEqual(BINDING_PERMISSIONS);
    await rules.close();
    const { path, method } = cloud.requests().at(-1) ?? {};
    expect(`${method} ${path}`).toBe(`POST /v1/projects/demo-project/serviceAccounts/${ACCOUNT}:testIamPermissions`);
  });

  test('is nothing for somebody who was granted the role on the account, and something for anybody else', async () => {
    const ask = async (email: string) => {
      const token = `token-of-${email}`;
      cloud.iam.register(token, email);
      const answer = await fetch(
        `${cloud.url}/v1/projects/demo-project/serviceAccounts/${ACCOUNT}:testIamPermissions`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: JSON.stringify({ permissions: BINDING_PERMISSIONS }),
        },
      );
      return answer.json();
    };
    cloud.accounts.grant(ACCOUNT, 'user:ana@example.com', BINDING_ROLE);
    expect(await ask('ana@example.com')).toEqual({ permissions: BINDING_PERMISSIONS });
    expect(await ask('ben@example.com')).toEqual({});
  });

  test('is an organisation policy, enforced in a project or not', async () => {
    const rules = rulesAt(cloud.url);
    // As it is by default at Google, until somebody lifts it.
    expect(await rules.isEnforced('demo-project', BOUND_KEYS_CONSTRAINT)).toBe(true);
    cloud.organisation.enforce('demo-project', BOUND_KEYS_CONSTRAINT, false);
    expect(await rules.isEnforced('demo-project', BOUND_KEYS_CONSTRAINT)).toBe(false);
    cloud.organisation.enforce('demo-project', BOUND_KEYS_CONSTRAINT, true);
    expect(await rules.isEnforced('demo-project', BOUND_KEYS_CONSTRAINT)).toBe(true);
    expect(await rules.isEnforced('demo-project', 'custom.noKeys')).toBe(false);
    await rules.close();
  });

  test.each([{}, { spec: 7 }, { spec: { rules: {} } }, { spec: { rules: [null, { enforce: 'true' }] } }])(
    'is no policy where none is enforced in so many words: %j',
    async (body) => {
      const { outcome } = await scriptedGoogle([{ body }], async ({ url }) => {
        const rules = rulesAt(url);
        const enforced = await rules.isEnforced('demo-project', BOUND_KEYS_CONSTRAINT);
        await rules.close();
        return enforced;
      });
      expect(outcome).toBe(false);
    },
  );
});

test('what is no account or no constraint is never put into a path', async () => {
  const rules = rulesAt(cloud.url);
  await expect(rules.permittedOn('a/b@c', [])).rejects.toMatchObject({ code: 'invalid' });
  await expect(rules.isEnforced('demo-project', 'a/b')).rejects.toMatchObject({ code: 'invalid' });
  await rules.close();
});

test('Google’s own addresses are where it is asked unless told', async () => {
  const rules = googleKeyRules({ clock: stillClock(), random: () => 0 });
  await rules.close();
  expect(typeof rules.isEnforced).toBe('function');
});
