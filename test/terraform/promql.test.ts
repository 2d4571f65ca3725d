import { beforeAll, describe, expect, test } from '@jest/globals';
import { localOf, moduleFiles, recordOf } from './module.ts';
import { promtoolIsInstalled, told, type Story } from './promtool.ts';
import { alarmsOf, beyondMonitoring, type Alarm } from './queries.ts';

const isInstalled = promtoolIsInstalled('the alarms’ PromQL');

const RUN = '{monitored_resource="cloud_run_revision"}';
const series = (name: string, labels = RUN) => `logging_googleapis_com:user_key_warden_${name}${labels}`;
const every10 = (runs: number) => Array.from({ length: runs }, (_, run) => `${run + 1}x9`).join(' ');
const failed = series('calls_failed', '{monitored_resource="cloud_scheduler_job",job_id="key-warden-health-check"}');
const open = (labels: string) => series('open', `{monitored_resource="cloud_run_revision",${labels}}`);
const leaked = open('severity="critical",secret="s",cause="key_leaked",project="p"');
const failing = series('deliveries', '{monitored_resource="cloud_run_revision",severity="WARNING",channel="ops"}');
const LETTERS =
  'pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource="pubsub_subscription",subscription_id="key-warden-dead-letters"}';

const secret = '{monitored_resource="cloud_run_revision",secret="s"}';
const [alive, waiting] = [series('leak_alive', secret), series('waiting', secret)];
const unclear = (unclearOnes: string, seen: string) => ({
  [series('untold_unclear_sum')]: unclearOnes,
  [series('heartbeat_seen_sum')]: seen,
});
const missed = (late: string, all: string) => ({
  [series('delivery_missed_sum')]: late,
  [series('delivery_missed_count')]: all,
});

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
      title: 'a run never ends: it is cut off, and so are the next ones',
      series: { [series('heartbeat')]: `_x12 ${every10(4)}` },
      atMinute: 100,
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
      title: 'one look in five for an hour, which nobody was told of',
      series: unclear('0+1x500', '0+5x500'),
      atMinute: 70,
      fires: true,
    },
    { title: 'one in ten for six hours', series: unclear('0+1x500', '0+10x500'), atMinute: 370, fires: true },
    {
      title: 'one in ten for half an hour',
      series: unclear('0x970 0+1x30 30x500', '0+10x1500'),
      atMinute: 1000,
      fires: false,
    },
    { title: 'one in twenty-five for a day', series: unclear('0+1x1600', '0+25x1600'), atMinute: 1500, fires: true },
    { title: 'one in two hundred for a day', series: unclear('0+1x1600', '0+200x1600'), atMinute: 1500, fires: false },
    {
      title: 'it was so for a day, and is over for three hours',
      series: unclear('0+1x1440 1440x300', '0+10x1800'),
      atMinute: 1630,
      fires: false,
    },
    {
      title: 'two looks of the first hour that there is: too few to say',
      series: unclear('0x9 0x9 1x9 2x99', every10(10)),
      atMinute: 60,
      fires: false,
    },
    {
      title: 'the first runs that there are learn nothing: born at 1, of one key',
      series: unclear(`_x5 ${every10(9)}`, `_x5 ${every10(9)}`),
      atMinute: 80,
      fires: true,
    },
    {
      title: 'a key is unclear for three days, of which channels were told after two runs',
      series: unclear('0x9 1x9 2x4400', every10(440)),
      atMinute: 4300,
      fires: false,
    },
    {
      title: 'the check stopped, of which another alarm speaks',
      series: unclear('9x400', '90x400'),
      atMinute: 300,
      fires: false,
    },
  ],
  late: [
    {
      title: 'every delivery misses its two minutes, for a day: the channel is down',
      series: missed('0+1x1500', '0+1x1500'),
      atMinute: 1490,
      fires: true,
    },
    {
      title: 'the channel was down for a day, and all arrive again for three hours',
      series: missed('0+1x1440 1440x400', '0+1x1440 1440+10x400'),
      atMinute: 1630,
      fires: false,
    },
    { title: 'one in two thousand', series: missed('0+1x1500', '0+2000x1500'), atMinute: 1490, fires: false },
    {
      title: 'few alerts, and one of them late a minute ago',
      series: missed('0x100 1x60', '5x100 6x60'),
      atMinute: 102,
      fires: true,
    },
    { title: 'the same, three hours later', series: missed('0x100 1x400', '5x100 6x400'), atMinute: 290, fires: false },
    {
      title: 'a channel is down since the deployment: born at 1',
      series: missed('_x5 1x4 2x4 3x40', '_x5 1x4 2x4 3x40'),
      atMinute: 20,
      fires: true,
    },
    {
      title: 'nothing is delivered, and nothing was to be',
      series: missed('3x400', '40x400'),
      atMinute: 300,
      fires: false,
    },
  ],
  held: [
    { title: 'nothing is held', series: { [LETTERS]: '1x40' }, atMinute: 25, fires: false },
    {
      title: 'one is held, and channels hear nothing',
      series: { [waiting]: '0x5 1+0.2x25', [LETTERS]: '1x40' },
      atMinute: 25,
      fires: true,
    },
    {
      title: 'the first line that says so: born at 1',
      series: { [waiting]: '_x5 1x9', [LETTERS]: '1x40' },
      atMinute: 7,
      fires: true,
    },
    {
      title: 'one is held for three days, and channels work: they were told',
      series: { [waiting]: '_x5 1+0.2x4400', [LETTERS]: '0x4400' },
      atMinute: 4300,
      fires: false,
    },
    {
      title: 'it was let go, and the line goes on',
      series: { [waiting]: '_x5 1x4 2x4 3x90', [LETTERS]: '1x120' },
      atMinute: 80,
      fires: false,
    },
  ],
  leak_alive: [
    { title: 'no key leaked', series: { [LETTERS]: '1x60' }, atMinute: 40, fires: false },
    {
      title: 'a key lives for more than half an hour: the very first line that says so, born at 1',
      series: { [alive]: '_x36 1x9', [LETTERS]: '1x60' },
      atMinute: 38,
      fires: true,
    },
    {
      title: 'another leak of the secret, whose line was there before: from 0 to 1',
      series: { [alive]: '4x36 5x20', [LETTERS]: '1x60' },
      atMinute: 38,
      fires: true,
    },
    {
      title: 'it leaks for three days, and channels hear nothing',
      series: { [alive]: '_x36 1+0.2x4400', [LETTERS]: '1x4440' },
      atMinute: 4300,
      fires: true,
    },
    {
      title: 'it leaks for three days, and channels work: they were told',
      series: { [alive]: '_x36 1+0.2x4400', [LETTERS]: '0x4440' },
      atMinute: 4300,
      fires: false,
    },
    {
      title: 'it leaks for three days, and the channel is down on the third',
      series: { [alive]: '_x36 1+0.2x4400', [LETTERS]: '0x2880 1x1500' },
      atMinute: 3000,
      fires: true,
    },
    {
      title: 'it is dead, and the line goes on',
      series: { [alive]: '_x5 1x5 2x90', [LETTERS]: '1x120' },
      atMinute: 60,
      fires: false,
    },
    {
      title: 'reconcile stopped, of which another alarm speaks',
      series: { [alive]: '9x90', [LETTERS]: '1x120' },
      atMinute: 60,
      fires: false,
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
  uninventoried: [
    { title: 'it never ran', series: {}, atMinute: 500, fires: true },
    { title: 'its first run is due any moment', series: {}, atMinute: 485, fires: false },
    { title: 'it runs', series: { [series('inventoried')]: '0+0.0021x3000' }, atMinute: 2900, fires: false },
    { title: 'it stopped', series: { [series('inventoried')]: '3x3000' }, atMinute: 2900, fires: true },
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
    expect(labelled.toSorted()).toEqual([
      'deliveries',
      'detected_seconds',
      'key_groups',
      'leak_alive',
      'notices',
      'open',
      'open_groups',
      'took_seconds',
      'waiting',
    ]);
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
    for (const name of ['held', 'leak_alive', 'stuck', 'unreconciled'])
      expect(alarm.get(name)?.query).toContain('[180m]');
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
