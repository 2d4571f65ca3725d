import { describe, test } from '@jest/globals';
import { worldAt } from './explore.ts';
import { consumerOf } from './consumer-calls.ts';
import { withoutConsumerEtags, withoutReach } from './planted.ts';
import type { Search } from './search.ts';
import { clean, found, search, world } from './searching.ts';
import type { Budget, World } from './world.ts';

const REACH: Partial<Search> = { jobs: ['tick', 'reach'], policy: { reachConsumers: 2, reachFailuresMax: 0 } };

/** The moment after a promotion, with a consumer that still holds the old key, and this trouble to come. */
async function promoted(left: Partial<Budget>, workers: number): Promise<World> {
  const first = world({}, workers);
  const then = await worldAt(search({ ...first, consumer: consumerOf(first) }, REACH), 'promoted');
  return { ...then, left: { ...then.left, ...left } };
}

describe('a consumer that is brought along (I19)', () => {
  test('one worker, a crash and a lost answer', async () => {
    await clean('a consumer', search(await promoted({ crashes: 1, lost: 1, time: 1 }, 1), REACH));
  }, 600_000);

  test('a person who deploys it, or a revision that does not come up', async () => {
    const first = await promoted({ crashes: 1, persons: 1, time: 1 }, 1);
    await clean('a consumer, and who deploys it', search(first, { ...REACH, deployers: true, unready: true }));
  }, 600_000);

  test('two workers at every call', async () => {
    await clean('a consumer, two workers', search(await promoted({}, 2), REACH));
  }, 600_000);
});

describe('a planted fault is found, with the path to it', () => {
  test('a change without the consumer’s etag: it is restarted twice', async () => {
    await found(search(await promoted({}, 2), { ...REACH, effect: withoutConsumerEtags }), /^I19.*two revisions/);
  });

  test('a drain that asks no consumer: one loses the key that it holds', async () => {
    await found(search(await promoted({ time: 1 }, 1), { ...REACH, effect: withoutReach }), /^I19.*was disabled/);
  });
});
