import { Buffer } from 'node:buffer';
import { attempt, Fault } from '../../app/ports/fault.ts';
import { routeEvent, type AlertMessage, type RoutePorts } from '../../app/alerts/route.ts';
import { NO_ALERTS, type AlertSettings } from '../../core/settings/alert-settings.ts';
import type { Channel } from '../../core/alerts/channels/channel.ts';
import { isRecord, parseRecord } from '../../core/values/json.ts';
import type { Service } from '../../emulator/wire/http.ts';
import type { PretendCloud } from '../../emulator/server/server.ts';
import { subscriptionSettings } from '../../emulator/pubsub/subscription.ts';

/** The alert pipeline of a deployment, as `notify` and its push subscriptions make it, inside one process. */
export interface DemoPipeline {
  /** To be served by the pretend cloud, whose Pub/Sub pushes to it. */
  readonly service: Service;
  /** Makes topics, subscriptions and the channels’ credentials. */
  setUp(cloud: PretendCloud, project: string): AlertSettings;
  /** From here on messages are passed on through these ports; before, they are left to be pushed again. */
  open(ports: RoutePorts, channels: readonly Channel[]): void;
}

const PATH = '/_demo/notify';
const TOPICS = { alerts: 'alertTopic', deliveries: 'deliveryTopic', 'dead-letters': 'deadLetterTopic' } as const;

/** Makes one that passes nothing on yet. */
export function demoPipeline(): DemoPipeline {
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
    setUp(cloud, project) {
      const topicOf = (id: string) => `projects/${project}/topics/${id}`;
      for (const id of Object.keys(TOPICS)) cloud.pubsub.store.createTopic({ name: topicOf(id), labels: {} });
      const pushed = subscriptionSettings({
        pushConfig: { pushEndpoint: `${cloud.url}${PATH}` },
        enableMessageOrdering: true,
      });
      for (const id of ['alerts', 'deliveries'])
        cloud.pubsub.store.subscribe(`projects/${project}/subscriptions/${id}`, topicOf(id), pushed);
      return {
        ...NO_ALERTS,
        ...Object.fromEntries(Object.entries(TOPICS).map(([id, setting]) => [setting, topicOf(id)])),
        internalTargets: [cloud.url],
        channels: channelsOn(cloud, project),
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

/** Two channels whose credentials are secrets themselves, as in a real deployment. */
function channelsOn(cloud: PretendCloud, project: string): readonly Channel[] {
  const credentials = { 'slack-webhook': `${cloud.url}/_receivers/slack/ops`, 'pagerduty-routing-key': 'R'.repeat(32) };
  for (const [secretId, payload] of Object.entries(credentials))
    cloud.secrets.seed({ project, secretId, payloads: [payload] });
  return [
    { name: 'slack', kind: 'slack', credential: `projects/${project}/secrets/slack-webhook`, severityMin: 'info' },
    {
      name: 'pagerduty',
      kind: 'pagerduty',
      credential: `projects/${project}/secrets/pagerduty-routing-key`,
      url: `${cloud.url}/_receivers/pagerduty`,
      severityMin: 'error',
    },
  ];
}
