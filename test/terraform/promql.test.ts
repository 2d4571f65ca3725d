import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { localOf, moduleFiles, recordOf } from './module.ts';
import { alarmsOf, beyondMonitoring, type Alarm } from './queries.ts';

const isInstalled = spawnSync('promtool', ['--version']).status === 0;
if (!isInstalled)
  process.stderr.write(
    'NOT RUN: the alarms’ PromQL was not tried, because promtool is not installed (it comes with prometheus)\n',
  );

/** A story of one series or more, in promtool's notation, one value a minute, and what the alarm makes of it. */
interface Story {
  readonly title: string;
  readonly series: Readonly<Record<string, string>>;
  readonly atMinute: number;
  readonly fires: boolean;
}

const RUN = '{monitored_resource="cloud_run_revision"}';
const series = (name: string, labels = RUN) => `logging_googleapis_com:user_key_warden_${name}${labels}`;
const every10 = (runs: number) => Array.from({ length: runs }, (_, run) => `${run + 1}x9`).join(' ');
const failed = series('calls_failed', '{monitored_resource="cloud_scheduler_job",job_id="key-warden-health-check"}');
const open = (labels: string) => series('open', `{monitored_resource="cloud_run_revision",${labels}}`);
const leaked = open('severity="critical",secret="s",cause="key_leaked",project="p"');
const failing = series('deliveries', '{monitored_resource="cloud_run_revision",severity="WARNING",channel="ops"}');
const LETTERS =
  'pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource="pubsub_subscription",subscription_id="key-warden-dead-letters"}';

const STORIES: Readonly<Record<string, readonly Story[]>> = {
  silent: [
    { title: 'it never ran', series: {}, atMinute: 21, fires: true },
    {
      title: 'it has just been deployed, and its first run is not in the metric yet',
      series: {},
      atMinute: 15,
      fires: false,
    },
    {
      title: 'its first two runs are all there is: a counter is born at 1, not at 0',
      series: { [series('heartbeat')]: '_x12 1x9 2x9' },
      atMinute: 27,
      fires: false,
    },
    { title: 'it runs', series: { [series('heartbeat')]: every10(12) }, atMinute: 115, fires: false },
    { title: 'it misses one run', series: { [series('heartbeat')]: every10(6) }, atMinute: 72, fires: false },
    {
      title: 'it stopped, the line goes on',
      series: { [series('heartbeat')]: `${every10(6)} 6x80` },
      atMinute: 120,
      fires: true,
    },
    {
      title: 'it stopped, and the line too',
      series: { [series('heartbeat')]: every10(6) },
      atMinute: 120,
      fires: true,
    },
  ],
  unseen: [
    {
      title: 'all are seen',
      series: { [series('heartbeat_expected_sum')]: '0+1x120', [series('heartbeat_seen_sum')]: '0+1x120' },
      atMinute: 110,
      fires: false,
    },
    {
      title: 'one is dropped in every run',
      series: { [series('heartbeat_expected_sum')]: '0+3x120', [series('heartbeat_seen_sum')]: '0+2x120' },
      atMinute: 110,
      fires: true,
    },
  ],
  unhealthy: [
    { title: 'nothing is open', series: { [LETTERS]: '3x60' }, atMinute: 40, fires: false },
    {
      title: 'a key leaked for three days and channels hear nothing: born at 1, it stands',
      series: { [leaked]: `_x5 ${every10(440)}`, [LETTERS]: '1x4400' },
      atMinute: 4300,
      fires: true,
    },
    {
      title: 'the very first line that says so',
      series: { [leaked]: '_x12 1x30', [LETTERS]: '1x60' },
      atMinute: 14,
      fires: true,
    },
    {
      title: 'the same, and channels work: they were told',
      series: { [leaked]: `_x5 ${every10(440)}`, [LETTERS]: '0x4400' },
      atMinute: 4300,
      fires: false,
    },
    {
      title: 'attempts to tell a channel fail, and nothing is given up yet',
      series: { [leaked]: `_x5 ${every10(12)}`, [LETTERS]: '0x130', [failing]: '_x8 1 2 3x120' },
      atMinute: 20,
      fires: true,
    },
    {
      title: 'it is over, and the line goes on',
      series: { [leaked]: `_x5 ${every10(6)} 6x80`, [LETTERS]: '1x200' },
      atMinute: 120,
      fires: false,
    },
    {
      title: 'only a warning is open',
      series: { [open('severity="warning",secret="s",cause="timeout"')]: every10(6), [LETTERS]: '1x100' },
      atMinute: 40,
      fires: false,
    },
  ],
  outage: [
    {
      title: 'a project has no money, and channels hear nothing',
      series: { [open('severity="error",project="p",cause="billing_disabled"')]: every10(12), [LETTERS]: '1x130' },
      atMinute: 100,
      fires: true,
    },
    { title: 'one key is dead', series: { [leaked]: every10(12), [LETTERS]: '1x130' }, atMinute: 100, fires: false },
  ],
  unclear: [
    {
      title: 'one in ten for six hours',
      series: { [series('heartbeat_unclear_sum')]: '0+1x500', [series('heartbeat_seen_sum')]: '0+10x500' },
      atMinute: 400,
      fires: true,
    },
    {
      title: 'one in two hundred',
      series: { [series('heartbeat_unclear_sum')]: '0+1x500', [series('heartbeat_seen_sum')]: '0+200x500' },
      atMinute: 400,
      fires: false,
    },
    {
      title: 'it was so, and is over for three hours',
      series: { [series('heartbeat_unclear_sum')]: '0+1x200 200x300', [series('heartbeat_seen_sum')]: '0+10x500' },
      atMinute: 400,
      fires: false,
    },
  ],
  late: [
    {
      title: 'ten minutes each',
      series: { [series('delivered_seconds_sum')]: '0+600x400', [series('delivered_seconds_count')]: '0+1x400' },
      atMinute: 380,
      fires: true,
    },
    {
      title: 'ten seconds each',
      series: { [series('delivered_seconds_sum')]: '0+10x400', [series('delivered_seconds_count')]: '0+1x400' },
      atMinute: 380,
      fires: false,
    },
  ],
  held: [
    { title: 'nothing is held', series: { [series('reconciled_held_sum')]: '0x30' }, atMinute: 25, fires: false },
    { title: 'one is held', series: { [series('reconciled_held_sum')]: '0x5 1+0.2x25' }, atMinute: 25, fires: true },
    {
      title: 'one is held since before the first run was counted',
      series: { [series('reconciled_held_sum')]: '_x5 1x4 2x4 3x4 4x10' },
      atMinute: 20,
      fires: true,
    },
  ],
  stuck: [
    {
      title: 'a drain of a week',
      series: { [series('reconciled_oldest_sum')]: '0+604800x40', [series('reconciled_oldest_count')]: '0+1x40' },
      atMinute: 30,
      fires: false,
    },
    {
      title: 'two weeks',
      series: { [series('reconciled_oldest_sum')]: '0+1209600x40', [series('reconciled_oldest_count')]: '0+1x40' },
      atMinute: 30,
      fires: true,
    },
  ],
  unreconciled: [
    { title: 'it never ran', series: {}, atMinute: 16, fires: true },
    {
      title: 'its first runs are all there is: a counter is born at 1',
      series: { [series('reconciled_held_count')]: '_x7 1x4 2x4 3x4' },
      atMinute: 18,
      fires: false,
    },
    { title: 'it runs', series: { [series('reconciled_held_count')]: '0+0.2x60' }, atMinute: 50, fires: false },
  ],
  unpurged: [
    { title: 'it never ran', series: {}, atMinute: 400, fires: true },
    { title: 'its first run is due any moment', series: {}, atMinute: 365, fires: false },
    { title: 'it runs', series: { [series('purged')]: '0+0.0028x3000' }, atMinute: 2900, fires: false },
    { title: 'it stopped', series: { [series('purged')]: '3x3000' }, atMinute: 2900, fires: true },
  ],
  uncalled: [
    { title: 'no call failed', series: {}, atMinute: 30, fires: false },
    { title: 'one attempt failed, the next did not', series: { [failed]: '0x5 1x60' }, atMinute: 30, fires: false },
    { title: 'a call failed with all its attempts', series: { [failed]: '0x5 1 2 3 4x60' }, atMinute: 30, fires: true },
    {
      title: 'the first call that ever failed did so with all its attempts: the counter is born at 1',
      series: { [failed]: '_x5 1 2 3 4x60' },
      atMinute: 30,
      fires: true,
    },
    { title: 'the first attempt that ever failed', series: { [failed]: '_x5 1x60' }, atMinute: 30, fires: false },
  ],
  undelivered: [
    { title: 'none', series: { [LETTERS]: '0x30' }, atMinute: 20, fires: false },
    { title: 'one that stays', series: { [LETTERS]: '0x5 1x30' }, atMinute: 20, fires: true },
  ],
};

/** Asks promtool whether the story comes true. Its files are YAML, which JSON is. */
function told(name: string, { query, waitSeconds }: Alarm, story: Story): string {
  const folder = mkdtempSync(join(tmpdir(), 'promql-'));
  try {
    const rules = { groups: [{ name: 'g', rules: [{ alert: name, expr: query, for: `${waitSeconds}s` }] }] };
    const unit = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(story.series).map(([key, values]) => ({ series: key, values })),
          // The alert's labels are the grouped ones, so it is asked how many fire.
          promql_expr_test: [
            {
              expr: `count(ALERTS{alertname="${name}",alertstate="firing"}) or vector(0)`,
              eval_time: `${story.atMinute}m`,
              exp_samples: [{ labels: '{}', value: story.fires ? 1 : 0 }],
            },
          ],
        },
      ],
    };
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify(rules));
    writeFileSync(join(folder, 'test.yml'), JSON.stringify(unit));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? 'as told' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Labelled counters of a query that does not look for series that were born within its window. */
function unborn(labelled: readonly string[], query: string): readonly string[] {
  return labelled.filter(
    (metric) => query.includes(`_${metric}{`) && !new RegExp(`_${metric}\\{[^}]*\\} unless `).test(query),
  );
}

describe('alarms', () => {
  test('on counters are for what goes on being counted: a counter with labels has no value before its first line', async () => {
    const files = await moduleFiles();
    const labelled = Object.entries(recordOf(localOf(files, 'metrics')))
      .filter(([, metric]) => recordOf(metric)['labels'] !== undefined)
      .map(([name]) => name);
    expect(labelled.toSorted()).toEqual(['deliveries', 'notices', 'open', 'took_seconds']);
    for (const [name, { query }] of alarmsOf(files))
      expect({ name, counts: unborn(labelled, query) }).toEqual({ name, counts: [] });
    expect(unborn(['open'], 'sum(increase(user_key_warden_open{a="b"}[30m])) > 0.5')).toEqual(['open']);
  });

  let alarms: ReadonlyMap<string, Alarm> = new Map();
  beforeAll(async () => {
    alarms = alarmsOf(await moduleFiles());
  });

  test('each has a story in which it fires, and one in which it does not', () => {
    for (const name of alarms.keys()) {
      const outcomes = (STORIES[name] ?? []).map(({ fires }) => fires);
      expect({ name, outcomes: [...new Set(outcomes)].toSorted() }).toEqual({ name, outcomes: [false, true] });
    }
    expect(Object.keys(STORIES).toSorted()).toEqual([...alarms.keys()].toSorted());
  });

  // Every schedule that the module takes.
  test.each([1, 2, 3, 4, 6, 8].flatMap((purgeEveryHours) => [1, 60].map((every) => [purgeEveryHours, every])))(
    'none asks more of Monitoring than it gives, with a purge every %i hours and the others every %i minutes',
    async (purgeEveryHours = 0, every = 0) => {
      const schedule = { purgeEveryHours, checkEveryMinutes: every, reconcileEveryMinutes: every };
      expect(beyondMonitoring(alarmsOf(await moduleFiles(), schedule))).toEqual([]);
    },
  );

  test('a planted alarm that looks back a day and waits for six hours is found', () => {
    const query = 'sum(increase(x[24h])) < 1';
    expect(beyondMonitoring(new Map([['unpurged', { query, waitSeconds: 21_600 }]]))).toEqual([
      'unpurged looks back 24 hours and waits 6',
    ]);
  });

  test('rotations are looked at over at least three runs, however rarely reconcile runs', async () => {
    const alarm = alarmsOf(await moduleFiles(), {
      checkEveryMinutes: 10,
      reconcileEveryMinutes: 60,
      purgeEveryHours: 6,
    });
    for (const name of ['held', 'stuck', 'unreconciled']) expect(alarm.get(name)?.query).toContain('[180m]');
  });

  const told1 = isInstalled ? test.each : test.skip.each;
  told1(Object.entries(STORIES).flatMap(([name, stories]) => stories.map((story) => ({ name, ...story }))))(
    '$name: $title, fires: $fires',
    ({ name, ...story }) => {
      const alarm = alarms.get(name);
      expect(alarm === undefined ? `there is no alarm ${name}` : told(name, alarm, story)).toBe('as told');
    },
  );
});
