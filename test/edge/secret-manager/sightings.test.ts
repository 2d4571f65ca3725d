import { expect, test } from '@jest/globals';
import { secretSightingOf } from '../../../src/edge/secret-manager/sightings.ts';

const SECRET = { name: 'projects/1/secrets/app', etag: '"a"', createTime: { seconds: 1_700_000_000 } };

test('a secret that has an end says when; most have none', () => {
  expect(secretSightingOf(SECRET)).not.toHaveProperty('expiresAt');
  const { expiresAt } = secretSightingOf({ ...SECRET, expireTime: { seconds: '1800000000', nanos: 500_000_000 } });
  expect(expiresAt).toBe(1_800_000_000_500);
});
