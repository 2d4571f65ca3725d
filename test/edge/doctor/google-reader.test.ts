import { expect, test } from '@jest/globals';
import type { Look } from '../../../src/app/ports/google-reader.ts';
import { googleReader } from '../../../src/edge/doctor/google-reader.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { stillClock } from '../../support/still-clock.ts';

const TOPIC: Look = {
  api: 'pubsub',
  method: 'GET',
  path: '/v1/projects/p/topics/t',
  permission: 'pubsub.topics.get',
  project: 'p',
};
const METRICS: Look = {
  ...TOPIC,
  api: 'logging',
  path: '/v2/projects/p/metrics',
  query: { pageSize: '2' },
  list: 'metrics',
};
const DISABLED: Line = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'It is disabled.',
      status: 'PERMISSION_DENIED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com' },
      ],
    },
  },
};

function reading(script: readonly Line[], look: Look) {
  return scriptedGoogle(script, async ({ url, clock, random }) => {
    const reader = googleReader({ url, clock, random });
    try {
      return await reader.read(look);
    } finally {
      await reader.close();
    }
  });
}

test.each<[string, Line, unknown]>([
  ['is there', { body: { name: 't' } }, { json: { name: 't' } }],
  ['is not there', refusal(404, 'NOT_FOUND', 'Gone.'), 'missing'],
  ['may not be looked at', refusal(403, 'PERMISSION_DENIED', 'No.'), 'denied'],
])('a resource that %s', async (_, line, seen) => {
  const { outcome, heard } = await reading([line], TOPIC);
  expect(outcome).toEqual(seen);
  expect(heard).toMatchObject([{ method: 'GET', path: '/v1/projects/p/topics/t' }]);
});

test('a policy that is read with POST is asked for with its conditions', async () => {
  const { heard } = await reading([{ body: {} }], { ...TOPIC, method: 'POST' });
  expect(heard).toMatchObject([{ method: 'POST', body: { options: { requestedPolicyVersion: 3 } } }]);
});

test('a list is followed to its last page', async () => {
  const { outcome, heard } = await reading(
    [{ body: { metrics: [1, 2], nextPageToken: 'more' } }, { body: { metrics: [3] } }],
    METRICS,
  );
  expect(outcome).toEqual({ json: { metrics: [1, 2, 3] } });
  expect(heard.map(({ query }) => query)).toEqual([{ pageSize: '2' }, { pageSize: '2', pageToken: 'more' }]);
});

test('an API that is turned off is trouble and no missing permission', async () => {
  expect((await reading([DISABLED], TOPIC)).outcome).toMatchObject({
    code: 'switched_off',
  });
});

test('trouble that passes is waited for, and told when it stays', async () => {
  const busy = refusal(503, 'UNAVAILABLE', 'Later.');
  expect((await reading([busy, { body: {} }], TOPIC)).outcome).toEqual({ json: {} });
  expect((await reading([busy, busy, busy], TOPIC)).outcome).toMatchObject({ code: 'unavailable' });
});

test.each(['/v1/projects/p/topics/t?x=1', '/v1/projects/../topics', '/v1//t', 'v1/t', '/v1/t#x', '/v1/a b'])(
  'what is no plain path is not asked for: %s',
  async (path) => {
    const { outcome, heard } = await reading([], { ...TOPIC, path });
    expect(outcome).toMatchObject({ code: 'invalid' });
    expect(heard).toEqual([]);
  },
);

test('without credentials nothing is asked of Google, in any region', async () => {
  const nobody = {
    getRequestHeaders: () => Promise.reject(new Error('Could not load the default credentials.')),
  };
  const reader = googleReader({ clock: stillClock(), random: () => 0, authClient: nobody as never });
  for (const look of [TOPIC, { ...TOPIC, api: 'secretmanager', location: 'europe-west1' } as const])
    await expect(reader.read(look)).rejects.toMatchObject({ code: 'unauthenticated' });
  await reader.close();
});
