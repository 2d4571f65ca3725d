import type { Adoption } from '../../../src/app/rotation/adopt.ts';
import type { Forgotten } from '../../../src/app/on-record/forget.ts';
import type { PurgeOutcome } from '../../../src/app/purge/purge.ts';
import type { Swept } from '../../../src/app/purge/sweep.ts';
import type { Rehearsal } from '../../../src/app/rehearsal/rehearse.ts';
import type { ToldCall } from '../../../src/app/rehearsal/told.ts';
import type { RotationEnd } from '../../../src/cli/show/whereabouts.ts';
import { LACK_KINDS, type MigrationState } from '../../../src/core/inventory/migration.ts';
import { PHASES } from '../../../src/core/record/phases.ts';
import { objectSchema, TEXT, type JsonSchema } from '../event-schema-detail.ts';
import { COUNT, counts, FLAG, FREEZE, HOLDERS, list, MOMENT, SECRET, TEXTS, VERSION, words } from './parts.ts';
import { FORESEEN, READERS } from './readers.ts';

const END_FIELDS = {
  secret: SECRET,
  outcome: words({
    at_rest: true,
    under_way: true,
    given_up: true,
    leak_open: true,
    held: true,
    not_begun: true,
    interrupted: true,
    already_done: true,
    refused: true,
  } satisfies Record<RotationEnd['outcome'], true>),
  code: { enum: [0, 3, 4, 5] },
  why: TEXT,
  until: { type: 'string' },
  leak: TEXT,
  now: TEXT,
  next: TEXTS,
};
const END_ALWAYS = ['secret', 'outcome', 'code'];

/** What `rotate`, `rollback`, `resume` and `abort` print with `--json`. */
export const TURN = objectSchema(
  {
    schema: { const: 'key-warden/turn/v1' },
    ...END_FIELDS,
    holders: HOLDERS,
    holdersNotLooked: TEXTS,
    deletion: TEXT,
    others: list(objectSchema(END_FIELDS, END_ALWAYS)),
  },
  ['schema', ...END_ALWAYS, 'others'],
);

/** What `migrate --json` prints. */
export const MIGRATION = objectSchema(
  {
    schema: { const: 'key-warden/migration/v1' },
    at: MOMENT,
    counts: counts(['done', 'under_way', 'held', 'ready', 'blocked'] satisfies readonly MigrationState[]),
    waves: list(list(SECRET)),
    secrets: list(
      objectSchema(
        {
          secret: SECRET,
          project: TEXT,
          keyProject: TEXT,
          state: words({ done: true, under_way: true, held: true, ready: true, blocked: true } satisfies Record<
            MigrationState,
            true
          >),
          why: { type: 'string' },
          lacks: list(
            objectSchema(
              {
                kind: { enum: LACK_KINDS },
                says: TEXT,
                cure: objectSchema({ do: TEXT, command: TEXT }, ['do', 'command']),
              },
              ['kind', 'says', 'cure'],
            ),
          ),
        },
        ['secret', 'project', 'keyProject', 'state', 'why', 'lacks'],
      ),
    ),
    outside: COUNT,
    notes: TEXTS,
    notLooked: TEXTS,
    barred: FLAG,
    begun: list(objectSchema(END_FIELDS, END_ALWAYS)),
  },
  ['schema', 'at', 'counts', 'waves', 'secrets', 'outside', 'notes', 'notLooked', 'barred', 'begun'],
);

/** What `approve --json` prints, and the function answers. */
export const APPROVAL = objectSchema(
  {
    schema: { const: 'key-warden/approval/v1' },
    secret: SECRET,
    plan: TEXT,
    outcome: { const: 'approved' },
    dryRun: FLAG,
    askedBy: { type: ['object', 'null'] },
    approvedBy: { type: ['object', 'null'] },
    until: MOMENT,
  },
  ['schema', 'secret', 'plan', 'outcome', 'dryRun', 'askedBy', 'approvedBy', 'until'],
);

/** What `approve --group --json` prints, and the function answers. */
export const APPROVALS = objectSchema(
  {
    schema: { const: 'key-warden/approvals/v1' },
    group: TEXT,
    dryRun: FLAG,
    approved: list(APPROVAL),
    refused: list(objectSchema({ secret: SECRET, why: TEXT }, ['secret', 'why'])),
  },
  ['schema', 'group', 'dryRun', 'approved', 'refused'],
);

/** What `rotate --dry-run --json` prints. */
export const REHEARSAL = objectSchema(
  {
    schema: { const: 'key-warden/rehearsal/v1' },
    secret: SECRET,
    outcome: words({
      completed: true,
      abandoned: true,
      held: true,
      nothing: true,
      unsure: true,
      finished: true,
      busy: true,
      unmanaged: true,
    } satisfies Record<Rehearsal['outcome'], true>),
    why: TEXT,
    missing: list(objectSchema({ permission: TEXT, role: TEXT }, ['permission', 'role'])),
    problems: TEXTS,
    holders: HOLDERS,
    holdersNotLooked: TEXTS,
    consumers: READERS,
    reach: FORESEEN,
    counts: counts(['reads', 'readsMade', 'writes', 'announcements']),
    steps: list(
      objectSchema(
        {
          phase: { enum: PHASES },
          act: TEXT,
          at: MOMENT,
          step: TEXT,
          calls: list(
            objectSchema(
              {
                kind: words({ read: true, write: true, announcement: true } satisfies Record<ToldCall['kind'], true>),
                call: TEXT,
                on: TEXT,
                made: FLAG,
              },
              ['kind', 'call', 'on', 'made'],
            ),
          ),
        },
        ['at', 'step', 'calls'],
      ),
    ),
  },
  ['schema', 'secret', 'outcome', 'why', 'missing', 'problems', 'holders', 'holdersNotLooked', 'counts', 'steps'],
);

/** What `init --json` prints. */
export const INIT = objectSchema(
  {
    schema: { const: 'key-warden/init/v1' },
    dryRun: FLAG,
    secrets: list(
      objectSchema(
        {
          secret: SECRET,
          outcome: words({
            adopted: true,
            would_adopt: true,
            already: true,
            passed_over: true,
            failed: true,
          } satisfies Record<Adoption['outcome'] | 'failed', true>),
          why: TEXT,
          finding: { type: 'object' },
          changes: TEXTS,
          notRotated: TEXT,
          holders: HOLDERS,
          holdersNotLooked: TEXTS,
        },
        ['secret', 'outcome'],
      ),
    ),
    problems: TEXTS,
  },
  ['schema', 'dryRun', 'secrets', 'problems'],
);

/** What `forget --json` prints. */
export const FORGET = objectSchema(
  {
    schema: { const: 'key-warden/forget/v1' },
    dryRun: FLAG,
    secrets: list(
      objectSchema(
        {
          secret: SECRET,
          outcome: words({
            forgotten: true,
            would_forget: true,
            nothing: true,
            refused: true,
            failed: true,
          } satisfies Record<Forgotten['outcome'] | 'failed', true>),
          why: TEXTS,
          changes: TEXTS,
          stays: TEXTS,
        },
        ['secret', 'outcome', 'why'],
      ),
    ),
    problems: TEXTS,
  },
  ['schema', 'dryRun', 'secrets', 'problems'],
);

const PURGE_OUTCOMES = {
  done: true,
  would_do: true,
  waiting: true,
  refused: true,
  failed: true,
  outside: true,
} satisfies Record<PurgeOutcome | Swept['outcome'], true>;

/** What `purge --json` prints. */
export const PURGE = objectSchema(
  {
    schema: { const: 'key-warden/purge/v1' },
    dryRun: FLAG,
    secrets: COUNT,
    counts: counts(Object.keys(PURGE_OUTCOMES)),
    purged: list(
      objectSchema(
        {
          secret: SECRET,
          version: VERSION,
          key: TEXT,
          step: TEXT,
          outcome: words(PURGE_OUTCOMES),
          why: TEXT,
          until: MOMENT,
        },
        ['secret', 'version', 'step', 'outcome', 'why'],
      ),
    ),
    swept: list(
      objectSchema(
        { key: TEXT, secret: TEXT, version: VERSION, outcome: words(PURGE_OUTCOMES), why: TEXT, until: MOMENT },
        ['key', 'secret', 'outcome', 'why'],
      ),
    ),
    unreached: COUNT,
    problems: TEXTS,
  },
  ['schema', 'dryRun', 'secrets', 'counts', 'purged', 'swept', 'unreached', 'problems'],
);

const DOOMED = objectSchema(
  {
    key: TEXT,
    uid: TEXT,
    displayName: { type: 'string' },
    version: VERSION,
    readAs: TEXT,
    alsoServed: TEXT,
    notLooked: TEXT,
  },
  ['key', 'uid', 'displayName', 'version'],
);

/** What `revoke --json` prints. */
export const REVOKE: JsonSchema = objectSchema(
  {
    schema: { const: 'key-warden/revocation/v1' },
    secret: SECRET,
    outcome: { enum: ['would_delete', 'deleted', 'refused'] },
    doomed: { anyOf: [DOOMED, list(DOOMED)] },
    why: TEXT,
  },
  ['schema', 'secret', 'outcome', 'why'],
);

/** What `freeze --json` and `unfreeze --json` print. */
export const FREEZES = objectSchema(
  {
    schema: { const: 'key-warden/freezes/v1' },
    did: { enum: ['listed', 'frozen', 'lifted', 'nothing'] },
    dryRun: FLAG,
    freezes: list(FREEZE),
  },
  ['schema', 'did', 'dryRun', 'freezes'],
);

/** What `silence --json` prints. */
export const SILENCE = objectSchema(
  {
    schema: { const: 'key-warden/silences/v1' },
    did: { enum: ['listed', 'silenced', 'ended', 'nothing'] },
    dryRun: FLAG,
    silences: list(
      objectSchema({ secret: SECRET, until: MOMENT, owner: TEXT, reason: TEXT, problem: TEXT }, ['secret']),
    ),
    wide: list(
      objectSchema(
        {
          about: objectSchema({ outages: FLAG, cause: TEXT, project: TEXT }, []),
          until: MOMENT,
          owner: TEXT,
          reason: TEXT,
          by: objectSchema({ who: TEXT, is: TEXT }, ['who', 'is']),
        },
        ['about', 'until', 'owner', 'reason'],
      ),
    ),
    problems: TEXTS,
  },
  ['schema', 'did', 'dryRun', 'silences', 'wide', 'problems'],
);

/** What `alert test --json` prints. */
export const ALERT_TEST = objectSchema(
  {
    schema: { const: 'key-warden/alert-test/v1' },
    event: TEXT,
    results: list(objectSchema({ to: TEXT, arrived: FLAG, says: TEXT }, ['to', 'arrived', 'says'])),
  },
  ['schema', 'event', 'results'],
);
