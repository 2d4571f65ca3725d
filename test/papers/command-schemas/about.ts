import { SEVERITIES, VERDICTS } from '../../../src/core/causes/causes.ts';
import type { Kept } from '../../../src/cli/commands/drill/play.ts';
import { KEY_KINDS } from '../../../src/core/key/key-text.ts';
import type { Happened } from '../../../src/cli/commands/drill/happened.ts';
import type { GeminiReach } from '../../../src/core/google/key-restrictions.ts';
import { FINDING_KINDS, FINDING_SEVERITIES } from '../../../src/core/inventory/findings.ts';
import type { AccountState, Held, LastUse } from '../../../src/core/inventory/seen-key.ts';
import { objectSchema, TEXT } from '../event-schema-detail.ts';
import { PLACES } from './places.ts';
import { COUNT, FLAG, list, MOMENT, SECRET, STEPS, TEXTS, VERSION, words } from './parts.ts';

const PLACE = objectSchema({ secret: SECRET, version: VERSION, readAs: TEXTS, managed: FLAG }, [
  'secret',
  'version',
  'readAs',
  'managed',
]);

/** What `explain --json` prints. */
export const EXPLAIN = objectSchema(
  {
    schema: { const: 'key-warden/explanation/v1' },
    status: { type: 'integer' },
    verdict: { enum: VERDICTS.toSorted() },
    cause: TEXT,
    severity: { enum: SEVERITIES },
    newKeyHelps: FLAG,
    title: TEXT,
    meaning: TEXT,
    message: { type: 'string' },
    google: FLAG,
    earlier: list({ type: 'object' }),
    advice: TEXTS,
    remedy: TEXTS,
    steps: STEPS,
    runbook: TEXT,
  },
  [
    'schema',
    'verdict',
    'cause',
    'severity',
    'newKeyHelps',
    'title',
    'meaning',
    'earlier',
    'advice',
    'remedy',
    'steps',
    'runbook',
  ],
);

/** What `runbook --json` prints. */
export const RUNBOOK = objectSchema(
  {
    schema: { const: 'key-warden/runbook/v1' },
    sections: list(objectSchema({ anchor: TEXT, title: TEXT, text: TEXT }, ['anchor', 'title', 'text'])),
  },
  ['schema', 'sections'],
);

/** What `find --json` prints. */
export const FIND = objectSchema(
  {
    schema: { const: 'key-warden/find/v1' },
    keys: list(
      objectSchema(
        {
          line: VERSION,
          places: list(PLACE),
        },
        ['line', 'places'],
      ),
    ),
    secrets: COUNT,
    versions: COUNT,
    disabled: COUNT,
    notLooked: TEXTS,
    barred: FLAG,
  },
  ['schema', 'keys', 'secrets', 'versions', 'disabled', 'notLooked', 'barred'],
);

const FINDING = {
  kind: { enum: FINDING_KINDS },
  severity: { enum: FINDING_SEVERITIES },
  says: TEXT,
  cure: objectSchema({ do: TEXT, command: TEXT }, ['do', 'command']),
};

/** What `inventory --json` prints. */
export const INVENTORY = objectSchema(
  {
    schema: { const: 'key-warden/inventory/v1' },
    at: MOMENT,
    projects: TEXTS,
    keys: list(
      objectSchema(
        {
          name: TEXT,
          uid: TEXT,
          displayName: { type: 'string' },
          project: TEXT,
          kind: { enum: KEY_KINDS },
          reach: words({ unrestricted: true, listed: true } satisfies Record<GeminiReach, true>),
          account: objectSchema(
            {
              email: TEXT,
              state: words({ enabled: true, disabled: true, gone: true, not_looked: true } satisfies Record<
                AccountState,
                true
              >),
            },
            ['email', 'state'],
          ),
          createdAt: MOMENT,
          ageDays: { type: 'integer' },
          lastUse: objectSchema(
            {
              is: words({ used: true, unused: true, not_measured: true } satisfies Record<LastUse['is'], true>),
              at: MOMENT,
              since: MOMENT,
              why: TEXT,
            },
            ['is'],
          ),
          held: objectSchema(
            {
              is: words({ held: true, kept_for_purge: true, nobody: true, not_looked: true } satisfies Record<
                Held['is'],
                true
              >),
              places: list(PLACE),
              secret: TEXT,
              why: TEXT,
            },
            ['is'],
          ),
          findings: list(objectSchema(FINDING, Object.keys(FINDING))),
        },
        [
          'name',
          'uid',
          'displayName',
          'project',
          'kind',
          'reach',
          'createdAt',
          'ageDays',
          'lastUse',
          'held',
          'findings',
        ],
      ),
    ),
    counts: { type: 'object', additionalProperties: COUNT },
    news: list(objectSchema({ name: TEXT, ...FINDING }, ['name', ...Object.keys(FINDING)])),
    notLooked: TEXTS,
    barred: FLAG,
    calls: { type: 'object', additionalProperties: COUNT },
  },
  ['schema', 'at', 'projects', 'keys', 'counts', 'notLooked', 'barred', 'calls'],
);

const CHECKS = list(
  objectSchema({ state: { enum: ['yes', 'no', 'not_looked'] }, title: TEXT, says: TEXT }, ['state', 'title', 'says']),
);

/** What `doctor --json` prints. */
export const DOCTOR = objectSchema(
  {
    schema: { const: 'key-warden/doctor/v1' },
    comparison: TEXT,
    places: PLACES,
    checks: CHECKS,
    deployment: CHECKS,
    parts: list(
      objectSchema({ title: TEXT, state: { enum: ['well', 'broken', 'unknown'] }, says: TEXT }, [
        'title',
        'state',
        'says',
      ]),
    ),
    advice: TEXTS,
  },
  ['schema', 'places', 'checks', 'deployment', 'parts', 'advice'],
);

/** What `doctor --compare --json` prints. */
export const HOSTS = objectSchema({ schema: { const: 'key-warden/hosts/v1' }, checks: CHECKS }, ['schema', 'checks']);

/** What `config show --json` prints. */
export const CONFIG_SHOW = objectSchema(
  {
    schema: { const: 'key-warden/settings/v1' },
    against: TEXT,
    file: objectSchema({ path: TEXT, from: TEXT, pulledAt: MOMENT, unused: TEXT }, ['path']),
    settings: list(objectSchema({ name: TEXT, value: { type: 'string' }, from: TEXT }, ['name', 'value', 'from'])),
    overruled: TEXTS,
    problems: TEXTS,
  },
  ['schema', 'against', 'file', 'settings', 'overruled', 'problems'],
);

/** What `config pull --json` prints. */
export const CONFIG_PULL = objectSchema(
  {
    schema: { const: 'key-warden/pulled/v1' },
    dryRun: FLAG,
    path: TEXT,
    from: TEXT,
    settings: { type: 'object', additionalProperties: { type: 'string' } },
    changes: TEXTS,
    unknown: TEXTS,
  },
  ['schema', 'dryRun', 'path', 'from', 'settings', 'changes', 'unknown'],
);

/** What `emulator --json` prints when it listens. */
export const EMULATOR = objectSchema(
  { schema: { const: 'key-warden/emulator/v1' }, url: TEXT, grpcPort: VERSION, projects: TEXTS },
  ['schema', 'url', 'projects'],
);

const WHO = words({ story: true, person: true, worker: true, channel: true, consumer: true } satisfies Record<
  Happened['who'],
  true
>);
const PROMISED = { promise: TEXT, says: TEXT, invariants: TEXTS, broken: TEXT } satisfies Record<keyof Kept, unknown>;

/** What `drill --json` prints. */
export const DRILL = objectSchema(
  {
    schema: { const: 'key-warden/drill/v1' },
    broken: COUNT,
    drills: list(
      objectSchema(
        {
          name: TEXT,
          title: TEXT,
          promises: list(objectSchema(PROMISED, ['promise', 'says', 'invariants'])),
          timeline: list(objectSchema({ at: MOMENT, who: WHO, what: TEXT }, ['at', 'who', 'what'])),
        },
        ['name', 'title', 'promises', 'timeline'],
      ),
    ),
  },
  ['schema', 'broken', 'drills'],
);

/** What every command prints with `--json` that could not do what was asked. */
export const REFUSAL = objectSchema(
  { schema: { const: 'key-warden/error/v1' }, code: { enum: [1, 2, 3, 4, 5] }, what: TEXT, next: TEXT },
  ['schema', 'code', 'what', 'next'],
);
