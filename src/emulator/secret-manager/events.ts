import type { TopicBoard } from '../world/topics.ts';
import { pacificText, type Micros } from '../wire/rest/micros.ts';
import { secretJson, versionJson } from './render.ts';
import { versionName, type SecretRecord, type VersionRecord } from './resource.ts';

/** What happened to a secret itself. */
type SecretEvent = 'SECRET_CREATE' | 'SECRET_UPDATE' | 'SECRET_DELETE' | 'SECRET_ROTATE';

/** What happened to one version. */
type VersionEvent =
  | 'SECRET_VERSION_ADD'
  | 'SECRET_VERSION_ENABLE'
  | 'SECRET_VERSION_DISABLE'
  | 'SECRET_VERSION_DESTROY'
  | 'SECRET_VERSION_DESTROY_SCHEDULED';

export type Announcement =
  | { readonly eventType: SecretEvent; readonly deleteType?: 'REQUESTED' | 'EXPIRATION' }
  | { readonly eventType: VersionEvent; readonly version: VersionRecord };

/** Events on their way to Pub/Sub. */
export interface Outbox {
  /** Publishes to every topic of `secret`, which is as it is after the change that happened at `moment`. */
  announce(secret: SecretRecord, moment: Micros, what: Announcement): void;
  /** Delivers what had to wait until the service agent could publish again. */
  retry(): void;
  clear(): void;
}

/** At most so many events wait for a permission to come back; older ones are lost. */
const WAITING_MAX = 1000;

interface Waiting {
  readonly topic: string;
  readonly message: Parameters<TopicBoard['publish']>[1];
}

export function outbox(topics: TopicBoard, delayMs: () => number): Outbox {
  let waiting: readonly Waiting[] = [];

  /** A topic that is gone loses its event; one that only refuses gets it later (measured by kmoneil/zig-gcp). */
  const deliver = (events: readonly Waiting[]): void => {
    const refused = events.filter(({ topic, message }) => {
      const state = topics.state(topic);
      if (state === 'ok') topics.publish(topic, message);
      return state === 'forbidden';
    });
    waiting = [...waiting, ...refused].slice(-WAITING_MAX);
  };

  return {
    announce(secret, moment, what) {
      const message = {
        attributes: attributesOf(secret, moment, what),
        data: JSON.stringify('version' in what ? versionJson(secret, what.version) : secretJson(secret)),
        ...(secret.location === undefined && delayMs() > 0 ? { availableAt: moment / 1000 + delayMs() } : {}),
      };
      deliver(secret.topics.map((topic) => ({ topic, message })));
    },
    retry() {
      const due = waiting;
      waiting = [];
      deliver(due);
    },
    clear() {
      waiting = [];
    },
  };
}

/** The test message each topic gets when it is configured: no data, and no attribute but this one. */
export const TOPIC_CONFIGURED = { attributes: { eventType: 'TOPIC_CONFIGURED' } } as const;

function attributesOf(secret: SecretRecord, moment: Micros, what: Announcement): Readonly<Record<string, string>> {
  return {
    dataFormat: 'JSON_API_V1',
    eventType: what.eventType,
    secretId: secret.name,
    timestamp: pacificText(moment),
    ...('version' in what ? { versionId: versionName(secret, what.version.number) } : {}),
    ...('deleteType' in what ? { deleteType: what.deleteType } : {}),
  };
}
