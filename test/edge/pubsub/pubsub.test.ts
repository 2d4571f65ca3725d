import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pubsubPublisher } from '../../../src/edge/pubsub/pubsub.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';
import { stillClock } from '../../support/still-clock.ts';

const TOPIC = 'projects/test-proj/topics/alerts';
const MESSAGE = { data: '{"a":"ä"}', attributes: { type: 'key.unhealthy' }, orderingKey: 'projects/1/secrets/a' };

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await testCloud();
  await cloud.ask('PUT', `/v1/${TOPIC}`, { body: {} });
  await cloud.ask('PUT', '/v1/projects/test-proj/subscriptions/watch', {
    body: { topic: TOPIC, enableMessageOrdering: true },
  });
});

afterEach(() => cloud.close());

async function published(): Promise<readonly { readonly message: Readonly<Record<string, unknown>> }[]> {
  const answer = await cloud.ask('POST', '/v1/projects/test-proj/subscriptions/watch:pull', {
    body: { maxMessages: 10 },
  });
  return (answer.json() as { receivedMessages?: { message: Record<string, unknown> }[] }).receivedMessages ?? [];
}

async function publishing(topic = TOPIC) {
  const clock = stillClock();
  const publisher = pubsubPublisher({ topic, url: cloud.url, clock, random: () => 0.5 });
  try {
    return { clock, outcome: await publisher.publish(MESSAGE).catch((error: unknown) => error) };
  } finally {
    await publisher.close();
  }
}

describe('a message', () => {
  test('is published with its text, attributes and ordering key', async () => {
    expect((await publishing()).outcome).toBeUndefined();
    expect(await published()).toMatchObject([
      {
        message: {
          data: Buffer.from(MESSAGE.data).toString('base64'),
          attributes: MESSAGE.attributes,
          orderingKey: MESSAGE.orderingKey,
        },
      },
    ]);
  });

  test('is tried again while the trouble passes', async () => {
    cloud.faults.plant({ path: ':publish' }, 2, { act: 'answer', reply: { status: 503, body: {} } });
    const { clock, outcome } = await publishing();
    expect(outcome).toBeUndefined();
    expect(clock.slept).toEqual([125, 250]);
    expect(await published()).toHaveLength(1);
  });

  test('is given up after four attempts', async () => {
    cloud.faults.plant({ path: ':publish' }, 9, { act: 'answer', reply: { status: 503, body: {} } });
    expect((await publishing()).outcome).toMatchObject({ name: 'Fault', code: 'unavailable' });
    expect(cloud.requests().filter(({ path }) => path.endsWith(':publish'))).toHaveLength(4);
  });

  test('for a topic that is not there is refused with what to do', async () => {
    expect((await publishing('projects/test-proj/topics/other')).outcome).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('Cannot publish to projects/test-proj/topics/other: '),
    });
  });
});

test.each([
  'alerts',
  'projects/p/topics/',
  'projects/p/topics/a b',
  'projects/p/topics/x/../y',
  'projects//topics/abc',
])('"%s" is refused as the name of a topic at once', (topic) => {
  expect(() => pubsubPublisher({ topic, clock: stillClock(), random: Math.random })).toThrow(
    'is not the name of a topic',
  );
});
