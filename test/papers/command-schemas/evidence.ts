import { OUTCOMES } from '../../../src/core/record/ledger.ts';
import { ACTOR_KNOWN } from '../../../src/core/record/actor.ts';
import { KEY_KINDS } from '../../../src/core/key/key-text.ts';
import { objectSchema, TEXT, type JsonSchema } from '../event-schema-detail.ts';
import { COUNT, FLAG, list, MOMENT, MOMENT_OR_NULL, SECRET, TEXTS, VERSION } from './parts.ts';

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
/** An object all of whose fields are there. */
const whole = (fields: Readonly<Record<string, JsonSchema>>) => objectSchema(fields, Object.keys(fields));
const WHO_IS: JsonSchema = { enum: [...ACTOR_KNOWN, null] };

const KEY = whole({
  secret: SECRET,
  project: TEXT,
  version: orNull(VERSION),
  kind: { enum: [...KEY_KINDS, 'unknown'] },
  madeAt: MOMENT_OR_NULL,
  madeAtBy: { enum: ['key', 'version', null] },
  ageDays: orNull(COUNT),
  maxAgeDays: COUNT,
  isOverAge: FLAG,
  rotationsMissing: orNull(TEXT),
});
const DEATH = whole({
  is: {
    enum: ['in use', 'disabled', 'deleted', 'dead', 'destroyed', 'leak open', 'key not known', 'not on record'],
  },
  key: orNull(TEXT),
  deletedAt: MOMENT_OR_NULL,
  refusedAt: MOMENT_OR_NULL,
  destroyedAt: MOMENT_OR_NULL,
  isProven: FLAG,
});
const ROTATION = whole({
  secret: SECRET,
  rotation: TEXT,
  openedAt: MOMENT_OR_NULL,
  promotedAt: MOMENT_OR_NULL,
  endedAt: MOMENT_OR_NULL,
  outcome: { enum: [...OUTCOMES, 'under way', 'held', 'not known'] },
  reason: TEXT,
  who: TEXT,
  whoIs: WHO_IS,
  approvedBy: orNull(TEXT),
  why: orNull(TEXT),
  from: orNull(VERSION),
  to: orNull(VERSION),
  oldKey: DEATH,
  knownFrom: { enum: ['record', 'log', 'both'] },
});
const EXCEPTION = whole({
  is: { enum: ['silence', 'freeze', 'key over age', 'emergency', 'users cut off', 'key revoked'] },
  about: TEXT,
  at: MOMENT_OR_NULL,
  until: MOMENT_OR_NULL,
  owner: orNull(TEXT),
  who: orNull(TEXT),
  whoIs: WHO_IS,
  why: orNull(TEXT),
});

/** What `report --json` prints. */
export const EVIDENCE = whole({
  schema: { const: 'key-warden/evidence/v1' },
  from: MOMENT,
  to: MOMENT,
  at: MOMENT,
  controls: list(whole({ name: TEXT, asks: TEXT, answeredBy: TEXTS })),
  isWhole: FLAG,
  missing: orNull(TEXT),
  notLogged: TEXT,
  logs: list(
    whole({
      log: TEXT,
      is: { enum: ['read', 'unread', 'unbounded'] },
      keptFrom: MOMENT_OR_NULL,
      why: orNull(TEXT),
    }),
  ),
  keys: list(KEY),
  rotations: list(ROTATION),
  exceptions: list(EXCEPTION),
  openLeaks: list(
    whole({ secret: SECRET, version: VERSION, key: orNull(TEXT), since: MOMENT, refusedSince: MOMENT_OR_NULL }),
  ),
  notAmongKeys: list(SECRET),
  problems: TEXTS,
});
