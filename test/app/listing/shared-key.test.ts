import { describe, expect, test } from '@jest/globals';
import { holdersIn } from '../../../src/app/listing/holders.ts';
import { sharedKeyOf, sharedKeyText } from '../../../src/app/listing/shared-key.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

async function sharedStage(payloads: readonly string[] = [GOOD_KEY], current: number | null = payloads.length) {
  const on = stage();
  const search = await on.secret('search', payloads, { current });
  const ask = (fields: { version?: number; keyField?: string } = {}) => {
    const holders = holdersIn(on.ports, { scopes: [SCOPE], concurrency: 2 });
    return sharedKeyOf(on.vault, holders, { secret: search, secretPolicy: DEFAULT_SECRET_POLICY, ...fields });
  };
  return { ...on, search, ask };
}

describe('who else serves the key that a secret serves is known before anything is done to it (I13)', () => {
  test.each([
    ['of the version that is current', [GOOD_KEY, STANDARD_KEY], 1, {}],
    ['of the newest, where no alias says', [STANDARD_KEY, GOOD_KEY], null, {}],
    ['of the version that whoever asks names', [GOOD_KEY, STANDARD_KEY], 2, { version: 1 }],
    [
      'of the field that whoever asks names',
      [JSON.stringify({ key: GOOD_KEY, other: STANDARD_KEY })],
      1,
      { keyField: '/key' },
    ],
  ] as const)('%s', async (_, payloads, current, fields) => {
    const { secret, ask } = await sharedStage(payloads, current);
    const ads = await secret('ads', [GOOD_KEY]);
    expect(await ask(fields)).toEqual({ holders: [{ secret: ads, version: 1, readAs: 'current' }], notLooked: [] });
  });

  test('nobody shares what is no key', async () => {
    const { secret, ask } = await sharedStage(['{}']);
    await secret('ads', ['{}']);
    expect(await ask()).toEqual({ holders: [], notLooked: [] });
  });

  test('and trouble is said, which stops nobody', async () => {
    const { vault, ask } = await sharedStage();
    vault.failNext('list', new Fault('unavailable', 'no answer'));
    const shared = await ask();
    expect(shared).toEqual({ holders: [], notLooked: [expect.stringContaining('no answer')] });
    expect(sharedKeyText(shared)).toEqual([
      expect.stringMatching(/^others may serve the same key: 1 place not looked at, of which the first: .*no answer$/),
    ]);
  });

  test('and is told by name', async () => {
    const { secret, ask } = await sharedStage();
    const ads = await secret('ads', [GOOD_KEY]);
    expect(sharedKeyText(await ask())).toEqual([`the same key serves 1 other secret: ${ads} version 1 (current)`]);
  });
});
