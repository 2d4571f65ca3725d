import { CONDITIONS } from '../../../src/core/fleet/condition.ts';
import { VERDICTS } from '../../../src/core/causes/causes.ts';
import { DEPTHS } from '../../../src/core/health/finding.ts';
import { KEY_KINDS } from '../../../src/core/key/key-text.ts';
import { HEALTH_STATES } from '../../../src/core/record/health-state.ts';
import { ROTATION_REASONS } from '../../../src/core/record/journal.ts';
import { OUTCOMES } from '../../../src/core/record/ledger.ts';
import { PHASES } from '../../../src/core/record/phases.ts';
import { objectSchema, TEXT } from '../event-schema-detail.ts';
import { ACTOR, COUNT, counts, FLAG, FREEZE, list, MOMENT, MOMENT_OR_NULL, SECRET, TEXTS, VERSION } from './parts.ts';
import { PLACES } from './places.ts';
import { READERS } from './readers.ts';

const EPISODE = objectSchema(
  {
    id: TEXT,
    openedAt: MOMENT,
    announcedAt: MOMENT,
    lastGoodAt: MOMENT,
    cause: TEXT,
    severity: TEXT,
    reminders: COUNT,
  },
  ['id', 'openedAt', 'announcedAt', 'cause', 'severity', 'reminders'],
);
const PAST = objectSchema(
  {
    id: TEXT,
    reason: { enum: ROTATION_REASONS },
    by: ACTOR,
    outcome: { enum: OUTCOMES },
    from: VERSION,
    to: VERSION,
    at: MOMENT,
    toKeyMadeAt: MOMENT,
    why: TEXT,
  },
  ['id', 'reason', 'outcome', 'from', 'at'],
);
const MEMBER = objectSchema(
  {
    secret: SECRET,
    managed: FLAG,
    consumers: READERS,
    aliases: { type: 'object', additionalProperties: VERSION },
    condition: { enum: CONDITIONS },
    health: { enum: [...HEALTH_STATES, 'unchecked', 'unknown'] },
    since: MOMENT,
    cause: TEXT,
    runs: COUNT,
    episode: EPISODE,
    rotation: objectSchema({ phase: { enum: [...PHASES, 'unknown'] } }, ['phase']),
    leaks: { anyOf: [{ const: 'unknown' }, list(objectSchema({ version: VERSION, at: MOMENT }, ['version', 'at']))] },
    checkedAt: MOMENT_OR_NULL,
    checkedAtUnknown: TEXT,
    key: objectSchema({ kind: { enum: KEY_KINDS }, madeAt: MOMENT_OR_NULL, by: { enum: ['key', 'version', null] } }, [
      'kind',
      'madeAt',
      'by',
    ]),
    due: { anyOf: [MOMENT, { enum: ['never', null] }] },
    lastRotation: { anyOf: [PAST, { type: 'null' }] },
  },
  [
    'secret',
    'managed',
    'aliases',
    'condition',
    'health',
    'rotation',
    'leaks',
    'checkedAt',
    'key',
    'due',
    'lastRotation',
  ],
);

/** Who asked or approved; nobody where the schedule did, or nobody has yet. */
const WHO = { type: ['object', 'null'] };

/** What `status --json` prints. */
export const STATUS = objectSchema(
  {
    schema: { const: 'key-warden/status/v1' },
    at: MOMENT,
    totals: counts(CONDITIONS),
    lastCompleteCheck: MOMENT_OR_NULL,
    logsNotRead: { type: 'object', additionalProperties: TEXT },
    secrets: list(MEMBER),
    stopped: list(objectSchema({ project: TEXT, why: TEXT }, ['project', 'why'])),
    freezes: list(FREEZE),
    approvals: list(
      objectSchema({ secret: TEXT, plan: TEXT, askedBy: WHO, approvedBy: WHO, at: TEXT, until: TEXT, next: TEXT }, [
        'secret',
        'plan',
        'askedBy',
        'approvedBy',
        'at',
        'until',
      ]),
    ),
    problems: TEXTS,
  },
  ['schema', 'at', 'totals', 'lastCompleteCheck', 'logsNotRead', 'secrets', 'stopped', 'problems'],
);

const OLD_KEY = objectSchema(
  {
    is: { enum: ['in use', 'disabled', 'deleted', 'dead', 'leak open', 'key not known', 'not on record'] },
    says: TEXT,
    deletedAt: MOMENT_OR_NULL,
    provenDeadAt: MOMENT_OR_NULL,
  },
  ['is', 'says', 'deletedAt', 'provenDeadAt'],
);
/** What `history --json` prints. */
export const HISTORY = objectSchema(
  {
    schema: { const: 'key-warden/history/v1' },
    since: MOMENT_OR_NULL,
    rotations: list(
      objectSchema(
        {
          secret: SECRET,
          id: TEXT,
          openedAt: MOMENT_OR_NULL,
          endedAt: MOMENT_OR_NULL,
          outcome: { enum: [...OUTCOMES, 'under way', 'held'] },
          reason: { enum: ROTATION_REASONS },
          by: ACTOR,
          from: VERSION,
          to: VERSION,
          why: TEXT,
          oldKey: OLD_KEY,
        },
        ['secret', 'id', 'openedAt', 'endedAt', 'outcome', 'reason', 'from', 'oldKey'],
      ),
    ),
    notRemembered: list(SECRET),
    problems: TEXTS,
  },
  ['schema', 'since', 'rotations', 'notRemembered', 'problems'],
);

/** What `check --json` prints. */
export const REPORT = objectSchema(
  {
    schema: { const: 'key-warden/report/v1' },
    startedAt: MOMENT,
    finishedAt: MOMENT,
    expected: COUNT,
    seen: COUNT,
    unlisted: { type: 'integer', minimum: 1 },
    verdicts: counts(VERDICTS.toSorted()),
    outages: list(
      objectSchema({ cause: TEXT, failing: COUNT, seen: COUNT, message: TEXT }, ['cause', 'failing', 'seen']),
    ),
    places: PLACES,
    advice: TEXTS,
    problems: TEXTS,
    secrets: list(
      objectSchema(
        {
          secret: SECRET,
          project: TEXT,
          version: VERSION,
          readAs: TEXT,
          keyKind: { enum: KEY_KINDS },
          depth: { enum: DEPTHS },
          verdict: { enum: VERDICTS.toSorted() },
          cause: TEXT,
          title: TEXT,
          meaning: TEXT,
          newKeyHelps: FLAG,
          remedy: TEXTS,
          runbook: TEXT,
        },
        [
          'secret',
          'project',
          'readAs',
          'depth',
          'verdict',
          'cause',
          'title',
          'meaning',
          'newKeyHelps',
          'remedy',
          'runbook',
        ],
      ),
    ),
  },
  ['schema', 'startedAt', 'finishedAt', 'expected', 'seen', 'verdicts', 'outages', 'problems', 'secrets'],
);
