import { expect, test } from '@jest/globals';
import { forgetAll } from '../../../src/core/record/forget-all.ts';

test('our annotations are ours, whichever release wrote them; the policy and the others are not', () => {
  const ours = ['key-warden.health', 'key-warden.of-tomorrow', 'key-warden.rotation-aside'];
  const annotations = Object.fromEntries([...ours, 'key-warden.policy', 'team'].map((name) => [name, 'x']));
  expect(forgetAll({ annotations })).toEqual({
    annotations: Object.fromEntries(ours.map((name) => [name, null])),
    kept: ['key-warden.policy'],
  });
  expect(forgetAll({ annotations: { team: 'x' } })).toEqual({ annotations: {}, kept: [] });
});
