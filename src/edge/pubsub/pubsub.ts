import { Buffer } from 'node:buffer';
import { Fault } from '../../app/ports/fault.ts';
import type { Publisher } from '../../app/ports/notify-ports.ts';
import { parseTopicName } from '../../core/google/resource-names.ts';
import { googleRest, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly } from '../google/retry.ts';

export interface PublisherOptions extends RestAdapterOptions {
  /** Full names, `projects/PROJECT/topics/ID`. */
  readonly topic: string;
  readonly url?: string | undefined;
}

const PLAN = { attemptsMax: 4, waitMs: 250, waitMsMax: 4_000 };

/**
 * Publishes over REST: the client library costs more at start than everything else together. Repeating may publish
 * twice, which readers tell by the event's id. Throws `invalid` at once for a name that is no topic's.
 */
export function pubsubPublisher(options: PublisherOptions): Publisher & { close(): Promise<void> } {
  const { topic, url = 'https://pubsub.googleapis.com', authClient, callMs, clock, random } = options;
  const project = parseTopicName(topic)?.project;
  if (project === undefined)
    throw new Fault('invalid', `"${topic}" is not the name of a topic. Write it like projects/PROJECT/topics/ID.`);
  const rest = googleRest({ title: 'Pub/Sub', url, authClient, callMs });
  const asked = {
    doing: `publish to ${topic}`,
    permission: 'pubsub.topics.publish',
    role: 'roles/pubsub.publisher',
  };
  return {
    async publish({ data, attributes, orderingKey }) {
      const message = { data: Buffer.from(data).toString('base64'), attributes, orderingKey };
      const call = { method: 'POST', path: `/v1/${topic}:publish`, project, body: { messages: [message] } } as const;
      await repeatedly({ clock, random, plan: PLAN }, () => rest.ask(call, asked));
    },
    close: () => rest.close(),
  };
}
