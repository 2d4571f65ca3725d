import { Buffer } from 'node:buffer';
import { attempt, Fault } from '../../app/ports/fault.ts';
import { routeEvent, type AlertMessage, type RoutePorts } from '../../app/alerts/route.ts';
import type { AlertSettings } from '../../core/settings/alert-settings.ts';
import type { Channel } from '../../core/alerts/channels/channel.ts';
import { isRecord, parseRecord } from '../../core/values/json.ts';
import type { Service } from '../../emulator/wire/http.ts';
import type { PretendCloud } from '../../emulator/server/server.ts';
import { subscriptionSettings } from '../../emulator/pubsub/subscription.ts';

/** The alert pipeline of a deployment, as `notify` and its push subscriptions make it, inside one process. */
export interface AlertPipeline {
  /** To be served by the pretend cloud, whose Pub/Sub pushes to it. */
  readonly service: Service;
  /** Makes topics and subscriptions; `channels` makes the channels and their credentials. */
  setUp(
    cloud: PretendCloud,
    project: string,
    channels: ChannelsOn,
  ): Pick<AlertSettings, Topic | 'internalTargets' | 'channels'>;
  /** From here on messages are passed on through these ports; before, they are left to be pushed again. */
  open(ports: RoutePorts, channels: readonly Channel[]): void;
}

type ChannelsOn = (cloud: PretendCloud, project: string) => readonly Channel[];

const PATH = '/_demo/notify';
const TOPICS = {
  alerts: 'alertTopic',
  deliveries: 'deliveryTopic',
  'dead-letters': 'deadLetterTopic',
} as const;
type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** Makes one that passes nothing on yet. */
export function alertPipeline(): AlertPipeline {
  let pass: ((message: AlertMessage) => Promise<unknown>) | undefined;
  return {
    service: {
      title: 'notify',
      async answer({ path, body }) {
        if (path !== PATH) return undefined;
        const done = await attempt(() => pass?.(messageIn(body.toString('utf8'))) ?? notYet());
        return { status: done instanceof Fault ? 503 : 204 };
      },
    },
    setUp(cloud, project, channels) {
      const topicOf = (id: string) => `projects/${project}/topics/${id}`;
      for (const id of Object.keys(TOPICS)) cloud.pubsub.store.createTopic({ name: topicOf(id), labels: {} });
      const pushed = subscriptionSettings({
        pushConfig: { pushEndpoint: `${cloud.url}${PATH}` },
        enableMessageOrdering: true,
      });
      for (const id of ['alerts', 'deliveries'])
        cloud.pubsub.store.subscribe(`projects/${project}/subscriptions/${id}`, topicOf(id), pushed);
      return {
        ...Object.fromEntries(Object.entries(TOPICS).map(([id, setting]) => [setting, topicOf(id)])),
        internalTargets: [cloud.url],
        channels: channels(cloud, project),
      };
    },
    open(ports, channels) {
      pass = (message) => routeEvent(ports, channels, message);
    },
  };
}

function notYet(): Promise<never> {
  return Promise.reject(new Fault('unavailable', 'the pipeline is not open yet'));
}

function messageIn(body: string): AlertMessage {
  const { message } = parseRecord(body) ?? {};
  const { data, attributes } = isRecord(message) ? message : {};
  return {
    data: Buffer.from(String(data), 'base64').toString('utf8'),
    attributes: Object.fromEntries(
      Object.entries(isRecord(attributes) ? attributes : {}).map(([name, value]) => [name, String(value)]),
    ),
  };
}
