import type { ForeseenConsumer } from '../../../src/app/reach/foreseen.ts';
import type { ConsumerReached } from '../../../src/app/reach/reach-secret.ts';
import type { ConsumerKind } from '../../../src/core/consumers/consumer.ts';
import type { Sees } from '../../../src/core/consumers/reading.ts';
import { objectSchema, TEXT, type JsonSchema } from '../event-schema-detail.ts';
import { COUNT, counts, FLAG, list, MOMENT, MOMENT_OR_NULL, SECRET, TEXTS, VERSION, words } from './parts.ts';

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
  late: TEXTS,
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

/** What would become of each consumer after a promotion. */
export const FORESEEN = objectSchema(
  {
    consumers: list(
      objectSchema(
        {
          consumer: TEXT,
          is: words({ brought: true, itself: true, left: true, never: true } satisfies Record<
            ForeseenConsumer['is'],
            true
          >),
          why: TEXT,
        },
        ['consumer', 'is'],
      ),
    ),
    notLooked: TEXTS,
  },
  ['consumers', 'notLooked'],
);

/** What `consumers --json` prints. */
export const CONSUMERS = objectSchema(CONSUMERS_FIELDS, Object.keys(CONSUMERS_FIELDS));

const PROGRESS = words({
  on: true,
  due: true,
  underway: true,
  failed: true,
  undone: true,
  broken: true,
  left: true,
} satisfies Record<ConsumerReached['is'], true>);

const REACHED = objectSchema(
  {
    secret: SECRET,
    to: VERSION,
    consumers: list(objectSchema({ consumer: TEXT, is: PROGRESS, why: TEXT }, ['consumer', 'is'])),
    notLooked: TEXTS,
    revised: COUNT,
  },
  ['secret', 'consumers', 'notLooked', 'revised'],
);

const REACH_FIELDS = {
  schema: { const: 'key-warden/reach/v1' },
  dryRun: FLAG,
  secrets: COUNT,
  reached: list(REACHED),
  problems: TEXTS,
  counts: counts(['on', 'due', 'underway', 'failed', 'undone', 'broken', 'left']),
};

/** What `reach --json` prints. */
export const REACH = objectSchema(REACH_FIELDS, Object.keys(REACH_FIELDS));
