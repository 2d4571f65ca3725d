import type { ConsumerKind } from '../../../src/core/consumers/consumer.ts';
import type { Sees } from '../../../src/core/consumers/reading.ts';
import { objectSchema, TEXT, type JsonSchema } from '../event-schema-detail.ts';
import { FLAG, list, MOMENT, MOMENT_OR_NULL, SECRET, TEXTS, words } from './parts.ts';

const TEXT_OR_NULL: JsonSchema = { anyOf: [TEXT, { type: 'null' }] };

const READER = {
  kind: words({ service: true, job: true, workerPool: true, function: true } satisfies Record<ConsumerKind, true>),
  name: TEXT,
  project: TEXT,
  region: TEXT,
  account: TEXT_OR_NULL,
  deployedBy: words({ hand: true, firebase: true }),
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  by: words({ variable: true, file: true }),
  at: TEXT,
  version: TEXT,
  sees: words({ 'at once': true, 'next instance': true, 'next deploy': true, never: true } satisfies Record<
    Sees,
    true
  >),
  leftBehind: FLAG,
  running: TEXT_OR_NULL,
  since: MOMENT_OR_NULL,
  share: { anyOf: [{ type: 'number', minimum: 0, maximum: 100 }, { type: 'null' }] },
  tag: TEXT_OR_NULL,
};

const READERS_FIELDS = {
  readers: list(objectSchema(READER, Object.keys(READER))),
  left: TEXTS,
  notLooked: TEXTS,
};

/** Who reads a secret, in what other commands print. */
export const READERS = objectSchema(READERS_FIELDS, Object.keys(READERS_FIELDS));

const CONSUMERS_FIELDS = {
  schema: { const: 'key-warden/consumers/v1' },
  at: MOMENT,
  secret: SECRET,
  projects: TEXTS,
  ...READERS_FIELDS,
};

/** What `consumers --json` prints. */
export const CONSUMERS = objectSchema(CONSUMERS_FIELDS, Object.keys(CONSUMERS_FIELDS));
