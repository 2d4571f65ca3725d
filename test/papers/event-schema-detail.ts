import { ACTOR_KNOWN } from '../../src/core/record/actor.ts';
import { ROTATION_REASONS, STEERINGS } from '../../src/core/record/journal.ts';
import { VERDICTS } from '../../src/core/causes/causes.ts';
import { AUDIENCES } from '../../src/core/causes/step.ts';
import type { JsonRecord } from '../../src/core/values/json.ts';
import { EMERGENCY_ENDS } from '../../src/core/alerts/leak-emergency.ts';
import { LEAK_SOURCES } from '../../src/core/alerts/leak-report.ts';
import { DEPTHS } from '../../src/core/health/finding.ts';
import { KEY_KINDS } from '../../src/core/key/key-text.ts';
import { VERSION_CHANGES } from '../../src/core/rotation/store-event.ts';
import { FINDING_SEVERITIES } from '../../src/core/inventory/findings.ts';
import { NEWS_KINDS } from '../../src/core/inventory/told.ts';
import { COUNTED_BECAUSE } from '../../src/core/alerts/notices/fleet-notices.ts';
import { UNWATCHED_BECAUSE } from '../../src/core/alerts/notices/key-notices.ts';
import { WARNED_OF } from '../../src/core/alerts/notices/secret-notices.ts';
import type { NoticeType } from '../../src/core/alerts/notice.ts';

/** A JSON Schema, which is JSON itself. */
export type JsonSchema = JsonRecord;

/** Text with something in it. */
export const TEXT: JsonSchema = { type: 'string', minLength: 1 };

const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const VERSION: JsonSchema = { type: 'integer', minimum: 1 };
const FLAG: JsonSchema = { type: 'boolean' };

/** An object with these fields, of which some must be there. Further ones may be. */
export function objectSchema(properties: JsonRecord, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required };
}

/** In the order that the printed schemas have. */
const SORTED_VERDICTS = VERDICTS.toSorted();

const EPISODE = objectSchema({ id: TEXT, openedAt: TEXT, reminders: COUNT }, ['id', 'openedAt', 'reminders']);

const KEY = objectSchema(
  {
    version: VERSION,
    readAs: TEXT,
    keyKind: { enum: KEY_KINDS },
    depth: { enum: DEPTHS },
    answers: COUNT,
    verdict: { enum: SORTED_VERDICTS },
    reason: TEXT,
    message: { type: 'string' },
    title: TEXT,
    newKeyHelps: FLAG,
    cureTakes: TEXT,
    wake: { type: 'string', enum: [...Object.keys(AUDIENCES), 'nobody'] },
    provedWhen: TEXT,
    remedy: { type: 'array', items: TEXT },
    lint: { type: 'array', items: objectSchema({ kind: TEXT, says: TEXT, cure: TEXT }, ['kind', 'says', 'cure']) },
    notes: { type: 'array', items: TEXT },
    episode: EPISODE,
  },
  ['readAs', 'depth', 'answers', 'verdict', 'message', 'title', 'newKeyHelps', 'remedy', 'lint', 'notes', 'episode'],
);

const ACTOR = objectSchema({ who: TEXT, is: { type: 'string', enum: ACTOR_KNOWN } }, ['who', 'is']);
const STEERED = objectSchema({ to: { type: 'string', enum: STEERINGS }, by: ACTOR }, ['to', 'by']);
const ROTATION = objectSchema(
  { rotation: TEXT, reason: TEXT, by: ACTOR, steered: STEERED, from: VERSION, to: VERSION },
  ['rotation', 'reason'],
);

const LEAK = { version: VERSION, key: TEXT };

const SILENCE = objectSchema({ owner: TEXT, reason: TEXT, until: TEXT, by: ACTOR, about: TEXT }, [
  'owner',
  'reason',
  'until',
  'by',
]);

/** What `detail` holds in each type of event. */
export const EVENT_DETAIL_SCHEMAS = {
  'key.unhealthy': KEY,
  'key.unclear': KEY,
  'key.reminder': KEY,
  'key.recovered': KEY,
  'secret.warning': objectSchema({ because: { enum: WARNED_OF }, others: COUNT }, ['because', 'others']),
  'key.unwatched': objectSchema({ because: { enum: UNWATCHED_BECAUSE }, episode: EPISODE }, ['because', 'episode']),
  'key.unusual': objectSchema({ version: VERSION, key: TEXT, hour: TEXT, requests: COUNT, usual: COUNT, most: COUNT }, [
    'key',
    'hour',
    'requests',
    'usual',
    'most',
  ]),
  'key.aging': objectSchema({ version: VERSION, ageDays: COUNT, ageDaysMax: COUNT }, [
    'version',
    'ageDays',
    'ageDaysMax',
  ]),
  'rotation.planned': objectSchema({ version: VERSION, startsAt: TEXT, ageDaysMax: COUNT, asksFrom: TEXT }, [
    'version',
    'startsAt',
    'ageDaysMax',
  ]),
  'rotation.proposed': objectSchema({ version: VERSION, plan: TEXT, until: TEXT, by: ACTOR, group: TEXT }, [
    'version',
    'plan',
    'until',
  ]),
  'version.changed': objectSchema({ version: VERSION, change: { enum: VERSION_CHANGES }, isCurrent: FLAG }, [
    'version',
    'change',
    'isCurrent',
  ]),
  'name.unproven': objectSchema({ on: TEXT, times: COUNT }, ['on', 'times']),
  'silence.set': SILENCE,
  'silence.ended': SILENCE,
  'freeze.set': SILENCE,
  'freeze.ended': SILENCE,
  'rotation.due': objectSchema({ reason: { enum: ROTATION_REASONS } }, ['reason']),
  'rotation.opened': ROTATION,
  'rotation.promoted': ROTATION,
  'rotation.completed': ROTATION,
  'rotation.abandoned': ROTATION,
  'rotation.held': ROTATION,
  'leak.open': objectSchema({ ...LEAK, told: COUNT, by: ACTOR }, ['version', 'told']),
  'leak.closed': objectSchema(LEAK, ['version']),
  'leak.reported': objectSchema(
    {
      by: { enum: LEAK_SOURCES },
      report: TEXT,
      version: VERSION,
      retired: { enum: ['deleted', 'undeleted'] },
      emergency: { enum: EMERGENCY_ENDS },
      rotation: TEXT,
    },
    ['by', 'report'],
  ),
  'inventory.news': objectSchema(
    {
      kind: { enum: NEWS_KINDS },
      because: { enum: COUNTED_BECAUSE },
      count: COUNT,
      counts: { type: 'object', additionalProperties: COUNT },
      findings: {
        type: 'array',
        items: objectSchema(
          {
            severity: { enum: FINDING_SEVERITIES },
            key: TEXT,
            secrets: { type: 'array', items: TEXT },
            holders: COUNT,
            says: TEXT,
            cure: objectSchema({ do: TEXT, command: TEXT }, ['do']),
          },
          ['severity', 'secrets', 'holders', 'says', 'cure'],
        ),
      },
    },
    ['count'],
  ),
  'fleet.outage': objectSchema({ failing: COUNT, seen: COUNT, episode: EPISODE }, ['failing', 'seen', 'episode']),
  'fleet.recovered': objectSchema({ seen: COUNT, episode: EPISODE }, ['seen', 'episode']),
  'fleet.heartbeat': objectSchema(
    {
      expected: COUNT,
      seen: COUNT,
      verdicts: objectSchema(Object.fromEntries(SORTED_VERDICTS.map((verdict) => [verdict, COUNT])), SORTED_VERDICTS),
    },
    ['expected', 'seen', 'verdicts'],
  ),
  'alert.test': objectSchema({ askedBy: TEXT }, ['askedBy']),
} as const satisfies Record<NoticeType, JsonSchema>;
