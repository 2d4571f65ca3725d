import { expect, test } from '@jest/globals';
import { hostileWorld } from './world.ts';

test('a world whose settings cannot be used fails with the reason, and leaves nothing open', async () => {
  await expect(hostileWorld({ KEY_WARDEN_APPROVAL: '1' })).rejects.toThrow(
    'the settings cannot be used: KEY_WARDEN_APPROVAL asks for approval, and KEY_WARDEN_APPROVALS names no secret to keep one on',
  );
});
