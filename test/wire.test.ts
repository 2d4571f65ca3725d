import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Server } from 'node:http';
import { NO_ALERTS } from '../src/core/settings/alert-settings.ts';
import { readSettings } from '../src/core/settings/read-settings.ts';
import { structuredLog } from '../src/edge/process/log.ts';
import { alertReceivers } from '../src/emulator/showcase/receivers.ts';
import type { PretendCloud } from '../src/emulator/server/server.ts';
import { notifyFunction } from '../src/functions/notify.ts';
import { wireTo, type Wired } from '../src/wire.ts';
import { pretendCloud, timeOf } from './support/cloud.ts';

const PROJECT = 'ops-project';
const topic = (id: string) => `projects/${PROJECT}/topics/${id}`;
const receivers = alertReceivers();
const lines: string[] = [];
let cloud: PretendCloud;
let wired: Wired;
let server: Server;

beforeAll(async () => {
  cloud = await pretendCloud({ services: [receivers] });
  cloud.secrets.seed({ project: PROJECT, secretId: 'slack', payloads: [`${cloud.url}/_receivers/slack/ops`] });
  const reading = readSettings(
    {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_ALERT_TOPIC: topic('alerts'),
      KEY_WARDEN_DELIVERY_TOPIC: topic('deliveries'),
      KEY_WARDEN_DEAD_LETTER_TOPIC: topic('dead-letters'),
      KEY_WARDEN_CHANNELS: JSON.stringify([
        { name: 'ops', kind: 'slack', credential: `projects/${PROJECT}/secrets/slack` },
      ]),
    },
    { project: true, callers: false, deliveries: true },
  );
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog((line) => lines.push(line)),
    timeOf(cloud),
  )(settings);
  if (wired.routeEvent === undefined) throw new Error('the topics are set, so messages can be passed on');
  cloudEvent('notify', notifyFunction(wired.routeEvent, settings.alerts.channels));
  server = getTestServer('notify');
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const id of ['alerts', 'deliveries', 'dead-letters']) await put(topic(id), {});
  for (const id of ['alerts', 'deliveries'])
    await put(`projects/${PROJECT}/subscriptions/${id}`, {
      topic: topic(id),
      pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/${topic(id)}` },
    });
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function put(name: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${cloud.url}/v1/${name}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

test('settings alone take an announcement from the log over two topics to a channel on the pretend cloud', async () => {
  await wired.ports.announcer.announce({ type: 'alert.test', askedBy: 'ana@example.com' });
  for (let hop = 0; hop < 3; hop += 1) await cloud.pubsub.pump();
  expect(receivers.received()).toMatchObject([{ receiver: 'slack', path: '/ops', status: 200 }]);
  expect(lines.map((line) => String(JSON.parse(line).message))).toEqual([
    expect.stringContaining('test alert'),
    expect.stringContaining('delivered on ops'),
  ]);
});

test('without topics, announcements are log lines and nothing is passed on', async () => {
  const heard: string[] = [];
  const alerts = NO_ALERTS;
  await using plain = wireTo({ write: (_, message) => heard.push(message) })({
    reachAccounts: [],
    endpoints: {},
    alerts,
    projects: ['p'],
    consumerProjects: ['p'],
    consumerScope: undefined,
    locations: ['global'],
    concurrency: 1,
  });
  await plain.ports.announcer.announce({ type: 'alert.test', askedBy: 'ana@example.com' });
  expect(heard).toHaveLength(1);
  expect(plain.routeEvent).toBeUndefined();
});
