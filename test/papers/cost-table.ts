import { NUMBERS } from '../../src/core/settings/settings.ts';
import { CHECK_POLICY_BOUNDS } from '../../src/core/health/check-policy.ts';
import { DEFAULT_ROTATION_POLICY } from '../../src/core/rotation/rotation-policy.ts';
import {
  ACCESSES_PER_MINUTE,
  costOf,
  DEFAULT_CHOICES,
  HOURS_PER_MONTH,
  keptDays,
  MODULE_COUNTS,
  PRICES,
  SECONDS_PER_CHECK,
  usageOf,
} from './cost.ts';
import { LISTS_A_MINUTE } from '../../src/app/listing/pace.ts';
import { table } from './generated.ts';

const FLEETS = [1, 100, 1_000, 10_000, 100_000] as const;

/** How many secrets of a large fleet are looked at in parallel. */
const AT_A_TIME = [
  [1_000, NUMBERS.KEY_WARDEN_CONCURRENCY.fallback],
  [10_000, 64],
  [100_000, 256],
] as const;

/** Blocks of docs/cost.md. No figure of it is typed in. */
export const COST_BLOCKS: Readonly<Record<string, () => string>> = {
  assumed: assumptions,
  cost: costTable,
  free: unpaidPart,
  elsewhere,
  depth,
  cheaper,
  time,
  holders,
};

/** What is used, and what Secret Manager charges for it. */
function costTable(): string {
  const fleets = FLEETS.map((keys) => usageOf(keys));
  const row = (what: string, figure: (usage: (typeof fleets)[number]) => string) => [what, ...fleets.map(figure)];
  const { free, versionMonth, accesses10k, rotationNotice } = PRICES;
  return table(
    ['a month', ...FLEETS.map((keys) => `${count(keys)} ${keys === 1 ? 'key' : 'keys'}`)],
    [
      row('runs of the check', ({ runs }) => count(runs)),
      row('runs of `reconcile`', ({ reconciles }) => count(reconciles)),
      row('runs of `purge`', ({ purges }) => count(purges)),
      row('accesses of Secret Manager, and as many requests to Gemini', ({ accesses }) => count(accesses)),
      row('of these, requests that spend a token', ({ deepProbes }) => count(deepProbes)),
      row('entries in the audit log of reads', ({ auditEntries }) => count(auditEntries)),
      row('evaluations of alert conditions', ({ evaluations }) => count(evaluations)),
      row('rotations by age', ({ rotations }) => count(rotations)),
      row('active versions, on average', ({ versions }) => count(versions)),
      row(`versions: (used − ${free.versions}) × $${versionMonth}`, (usage) => dollars(costOf(usage).versions)),
      row(`accesses: (used − ${count(free.accesses)}) ÷ 10,000 × $${accesses10k}`, (usage) =>
        dollars(costOf(usage).accesses),
      ),
      row(`rotation notices: (used − ${free.notices}) × $${rotationNotice}`, (usage) => dollars(costOf(usage).notices)),
      row('**Secret Manager, in all**', (usage) => `**${dollars(costOf(usage).sum)}**`),
    ],
  );
}

function count(amount: number): string {
  return amount.toLocaleString('en-GB', { maximumFractionDigits: amount < 1000 ? 2 : 0 });
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function assumptions(): string {
  const kept = keptDays(DEFAULT_CHOICES);
  return [
    `With the default settings: a check every ${DEFAULT_CHOICES.runEveryMinutes} minutes, a probe that spends a token every`,
    `${CHECK_POLICY_BOUNDS.deepEveryHours.fallback} hours, rotation after ${DEFAULT_ROTATION_POLICY.maxAgeDays} days, the old key’s version kept for`,
    `${kept.join(' + ')} days (drain, retention, until destruction, and the delay of the destruction that the Terraform module`,
    `sets). A month has ${HOURS_PER_MONTH} hours. Prices are those of [Secret Manager](${PRICES.source}) in ${PRICES.asOf}, in US dollars,`,
    'for secrets with one location: each further replica costs its versions again. Look them up before you rely on them.',
    'What your consumers read comes on top.',
  ].join('\n');
}

function unpaidPart(): string {
  const { free: unpaid, versionMonth, accesses10k, rotationNotice } = PRICES;
  return [
    'The free part belongs to the billing account, so other secrets may have used it up: then add at most',
    `${dollars(unpaid.versions * versionMonth)} for versions, ${dollars((unpaid.accesses / 10_000) * accesses10k)} for accesses and`,
    `${dollars(unpaid.notices * rotationNotice)} for notices. Notices are charged only where Secret Manager’s own rotation schedule is used.`,
  ].join('\n');
}

/** What others charge for: how much of it there is, and where to look up the price. */
function elsewhere(): string {
  const { queries, logConditions, functions, imagesKept } = MODULE_COUNTS;
  return table(
    ['what', 'how much of it', 'price'],
    [
      [
        'Gemini',
        'one output token per probe that spends one (a second or third where a model is closed); no statement of Google’s that listing models is free was found',
        '[look up](https://ai.google.dev/gemini-api/docs/pricing)',
      ],
      [
        'Cloud Run',
        'one call per run of the check, `reconcile` and `purge`; instance time is the calls’ time',
        '[look up](https://cloud.google.com/run/pricing)',
      ],
      ['Scheduler', 'one job per scheduled function: three', '[look up](https://cloud.google.com/scheduler/pricing)'],
      [
        'Pub/Sub',
        'one heartbeat of about 1 kB per run, and an event when something changes',
        '[look up](https://cloud.google.com/pubsub/pricing)',
      ],
      [
        'Logging',
        'a line per run while all is well and one for each kind and age of keys, so a handful; one for each secret in trouble; **and the audit log**: `guards.audit_logs` records every access of every secret of the project, your consumers’ too',
        '[look up](https://cloud.google.com/products/observability/pricing)',
      ],
      [
        'Monitoring',
        `${queries} conditions in PromQL, evaluated every minute and returning a series or a few, and ${logConditions} on log lines; the log-based metrics that they and the dashboard read; and for \`KEY_WARDEN_WATCH_USE\` one list of time series for each project and hour, and one more for every thirty keys that were much used in it, with five weeks by the hour`,
        '[look up](https://cloud.google.com/products/observability/pricing)',
      ],
      [
        'Artifact Registry',
        `images of ${functions} functions, the newest ${imagesKept} of each and those of the last month`,
        '[look up](https://cloud.google.com/artifact-registry/pricing)',
      ],
      [
        'Cloud Build',
        `one build per function and change of the worker, so ${functions}; and with the pipeline one more per push and one per apply`,
        '[look up](https://cloud.google.com/build/pricing)',
      ],
      [
        'Cloud Storage',
        'one archive of some megabytes per change of the worker, and the pipeline’s plans',
        '[look up](https://cloud.google.com/storage/pricing)',
      ],
    ],
  );
}

/** What it costs to see sooner what only a probe sees that spends a token, and what that leaves of a key's use to be measured. */
function depth(): string {
  const row = (deepEveryHours: number) => {
    const perMonth = FLEETS.map((keys) => count(usageOf(keys, { ...DEFAULT_CHOICES, deepEveryHours }).deepProbes));
    const isDefault = deepEveryHours === DEFAULT_CHOICES.deepEveryHours;
    return [`${deepEveryHours}${isDefault ? ' (default)' : ''}`, String(24 / deepEveryHours), ...perMonth];
  };
  const rows = table(
    [
      'hours between them',
      'a key and day',
      ...FLEETS.map((keys) => `a month, ${count(keys)} ${keys === 1 ? 'key' : 'keys'}`),
    ],
    [24, 12, 4, 1].map(row),
  );
  const words = [
    'Nothing of it is charged by Secret Manager. At Gemini each counts against the requests of its project’s day, for the model that was asked,',
    'and all keys of a project share them: where a free tier gives few a day, set 24. At 1 every hour of a key’s past may hold a probe of ours, so that',
    'a drain no longer sees consumers that make only a few requests an hour ([why 4](decisions/2026-11-29-deep-every-four-hours.md)).',
  ];
  return [rows, '', ...words].join('\n');
}

/** Savings of a large fleet, which a small one does not notice. */
function cheaper(): string {
  const keys = 10_000;
  const now = costOf(usageOf(keys));
  const saved = (choices: Partial<typeof DEFAULT_CHOICES>) =>
    dollars(now.sum - costOf(usageOf(keys, { ...DEFAULT_CHOICES, ...choices })).sum);
  return [
    `**Make it cheaper**: checking every 30 minutes (\`schedule.check_every_minutes\`) saves ${saved({ runEveryMinutes: 30 })} a month for`,
    `${count(keys)} keys; \`KEY_WARDEN_DESTROY_AFTER_DAYS=7\` keeps fewer old versions and saves ${saved({ destroyAfterDays: 7 })}, and the way`,
    'back gets shorter. `guards.audit_logs = false` ends the audit log of reads, and with it the answer to who read a key.',
  ].join('\n');
}

function time(): string {
  const budget = NUMBERS.KEY_WARDEN_BUDGET_SECONDS.fallback;
  const { runs } = usageOf(1);
  const rows = AT_A_TIME.map(([keys, atOnce]) => {
    const seconds = (keys * SECONDS_PER_CHECK) / atOnce;
    const perMinute = (atOnce / SECONDS_PER_CHECK) * 60;
    const hours = (runs * seconds) / 3600;
    return [count(keys), count(atOnce), count(Math.round(seconds)), count(Math.round(hours)), count(perMinute)];
  });
  return [
    `**Time, not money**, is what a large fleet needs. At ${SECONDS_PER_CHECK.toFixed(2)} s a key (a guess: measure yours) a run has to end within the ${budget} s`,
    'that `KEY_WARDEN_BUDGET_SECONDS` allows, so more keys are looked at in parallel (`KEY_WARDEN_CONCURRENCY`). One instance does',
    `that in less than 300 MB ([measured](proof/speed.md)); Secret Manager takes ${count(ACCESSES_PER_MINUTE)} accesses a minute per project:`,
    '',
    table(['keys', 'at a time', 'seconds of a run', 'hours of an instance in a month', 'accesses a minute'], rows),
    '',
    'With `survey` the same hours are spent by more instances at once, and those of the one that waits for them come on top. A project holds 300',
    'API keys, deleted ones of the last 30 days presumably included, so that many keys are spread over hundreds of projects anyway.',
  ].join('\n');
}

/** What it takes to find out who else serves a key; the counts are those of test/app/listing/holders.test.ts. */
function holders(): string {
  const secrets = 2_000;
  const served = 2 * secrets - 1;
  const inAll = (rotations: number) => served + (rotations - 1) * (secrets - 1);
  const accesses = (used: number) => `${count(used)} (${dollars((used / 10_000) * PRICES.accesses10k)})`;
  const lists = `${accesses(served)}, and ${count(secrets - 1)} lists at ${LISTS_A_MINUTE} a minute`;
  return [
    `**Who else serves a key** is not in the table either: it is asked when something happens. At ${count(secrets)} secrets, in accesses of Secret Manager`,
    '([measured](../test/app/listing/holders.test.ts)):',
    '',
    table(
      ['asked by', 'each rotated once', 'five times', '24 times'],
      [
        ['`rotate`, `init`, `status --holders`; a drain that is busy, four times a day', ...same(accesses(served))],
        ['a key whose deletion is a day late, once a day', ...same(accesses(served))],
        [
          'a run that deletes a key: `purge`, the end of an emergency, `reconcile` of a leak',
          accesses(inAll(1)),
          accesses(inAll(5)),
          lists,
        ],
      ],
    ),
  ].join('\n');
}

function same(cell: string): readonly string[] {
  return [cell, cell, cell];
}
