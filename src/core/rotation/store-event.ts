import { recordOf, type SecretRecord } from '../record/secret-record.ts';
import { isRecord, parseRecord } from '../values/json.ts';
import { parseSecretName, parseVersionName, versionNumberOf } from '../google/resource-names.ts';
import { parseInstant, type Instant } from '../values/time.ts';

/** How a version is taken away from its readers. */
export const VERSION_CHANGES = ['disabled', 'destroyed', 'destruction_scheduled'] as const;
export type VersionChange = (typeof VERSION_CHANGES)[number];

/** What Secret Manager tells of a secret, as far as it concerns us. */
export type SecretEvent =
  /** The secret's own rotation schedule says that it is time. */
  | { readonly is: 'due'; readonly secret: string; readonly at: Instant }
  /** A version was added: by somebody, or by ourselves. */
  | { readonly is: 'added'; readonly secret: string; readonly version: number; readonly at: Instant }
  | {
      readonly is: 'taken away';
      readonly secret: string;
      readonly version: number;
      readonly change: VersionChange;
      readonly at: Instant;
    }
  /** It was written: by somebody, or by ourselves. */
  | { readonly is: 'changed'; readonly secret: string }
  /**
   * It was deleted. `record` is what was remembered of it, as far as the event says so: nobody can look any more. It is good for
   * nothing but to close an incident of this very secret.
   */
  | { readonly is: 'deleted'; readonly secret: string; readonly record: SecretRecord }
  /** Nothing to do: echoes of every other write, and the test message of a new topic. */
  | { readonly is: 'no news'; readonly type: string }
  | { readonly is: 'not understood'; readonly why: string };

const TAKEN_AWAY = {
  SECRET_VERSION_DISABLE: 'disabled',
  SECRET_VERSION_DESTROY: 'destroyed',
  SECRET_VERSION_DESTROY_SCHEDULED: 'destruction_scheduled',
} as const satisfies Readonly<Record<string, VersionChange>>;

/** All of Secret Manager's event types that ask nothing of us (event-notifications in its documentation). */
const NO_NEWS = ['TOPIC_CONFIGURED', 'SECRET_CREATE', 'SECRET_VERSION_ENABLE'];

const NEWS = ['SECRET_ROTATE', 'SECRET_VERSION_ADD', 'SECRET_UPDATE', 'SECRET_DELETE', ...Object.keys(TAKEN_AWAY)];

/** Reads an event from its Pub/Sub attributes, and of a deleted secret what nobody can look up any more. */
export function readSecretEvent(attributes: Readonly<Record<string, string>>, data = ''): SecretEvent {
  const { eventType: type = '', secretId: secret = '', versionId = '', timestamp = '' } = attributes;
  if (NO_NEWS.includes(type)) return { is: 'no news', type };
  if (!NEWS.includes(type))
    return { is: 'not understood', why: `eventType ${JSON.stringify(type)} is none of Secret Manager’s` };
  const at = parseInstant(timestamp);
  if (parseSecretName(secret) === undefined || at === undefined)
    return { is: 'not understood', why: `${type} without a secretId and a timestamp that can be read` };
  if (type === 'SECRET_ROTATE') return { is: 'due', secret, at };
  if (type === 'SECRET_UPDATE') return { is: 'changed', secret };
  if (type === 'SECRET_DELETE') return { is: 'deleted', secret, record: recordOf(annotationsIn(data)) };
  const version = versionNumberOf(versionId);
  if (version === undefined || parseVersionName(versionId)?.secret !== secret)
    return { is: 'not understood', why: `${type} without a versionId of its secret` };
  return isTakenAway(type)
    ? { is: 'taken away', secret, version, change: TAKEN_AWAY[type], at }
    : { is: 'added', secret, version, at };
}

function annotationsIn(data: string): Readonly<Record<string, string>> {
  const map = parseRecord(data)?.['annotations'];
  const texts = Object.entries(isRecord(map) ? map : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function isTakenAway(type: string): type is keyof typeof TAKEN_AWAY {
  return Object.hasOwn(TAKEN_AWAY, type);
}
