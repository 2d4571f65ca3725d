import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud();
  setUpShowcase(cloud);
});
afterAll(() => cloud.close());

const reach = (consumers: string, ...words: readonly string[]) =>
  run(['reach', ...words], {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONSUMER_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_REACH_CONSUMERS: consumers,
    },
  });

describe('reach', () => {
  test('says that nobody is to be brought along where that is so, and how it would be', async () => {
    expect(await reach('0')).toMatchObject({
      code: 0,
      out: 'nobody is to be brought along, for KEY_WARDEN_REACH_CONSUMERS is 0: set it to 1 or 2\n',
    });
  });

  test('says that nobody waits, of how many secrets, and in a dry run that nothing was changed', async () => {
    expect(await reach('2', '--dry-run')).toMatchObject({
      code: 0,
      out: 'no consumer waits for a new key (6 secrets looked at)\nnothing was changed: this was a dry run\n',
    });
    expect((await reach('2', '--secret', 'search-app')).out).toBe(
      'no consumer waits for a new key (1 secret looked at)\n',
    );
  });
});
