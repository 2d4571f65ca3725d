import { describe, expect, test } from '@jest/globals';
import type { Usage } from '../../../src/core/rotation/rhythm.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { cloudMonitoringMeter } from '../../../src/edge/monitoring/monitoring.ts';
import type { MeterOptions } from '../../../src/edge/monitoring/series.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { stillClock } from '../../support/still-clock.ts';
import { pretendCloud } from '../../support/cloud.ts';

const UID = '7b2f0c1e-0000-4000-8000-000000000001';
const FROM = instantOf(Date.parse('2026-11-24T06:00:00Z'));
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const UNTIL = plusMs(FROM, 6 * HOUR_MS);
const BUSY = refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');

const GENERATE = 'google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent';
const LIST = 'google.ai.generativelanguage.v1beta.ModelService.ListModels';
const endOf = (hour: number): string => new Date(FROM + hour * HOUR_MS).toISOString();

/** A series of one method with these counts, the newest hour first. */
const seriesOf = (method: string | undefined, ...counts: readonly unknown[]) => ({
  ...(method === undefined ? {} : { resource: { labels: { method } } }),
  points: counts.map((int64Value, at) => ({ interval: { endTime: endOf(6 - at) }, value: { int64Value } })),
});
const hour = (number: number, requests: number) => ({ endsAt: plusMs(FROM, number * HOUR_MS), requests });

function metering(
  script: readonly Line[],
  { project = 'demo-project', uid = UID, from = FROM, until = UNTIL } = {},
  options: Partial<MeterOptions> = {},
) {
  return scriptedGoogle(script, async (world): Promise<Usage> => {
    const meter = cloudMonitoringMeter({ ...world, ...options });
    try {
      return await meter.usage(project, uid, from, until);
    } finally {
      await meter.close();
    }
  });
}

describe('what is asked', () => {
  test('is a count for each method and hour of the requests with this key, to whichever API', async () => {
    const { heard } = await metering([{}]);
    expect(heard).toMatchObject([{ method: 'GET', path: '/v3/projects/demo-project/timeSeries' }]);
    expect(heard[0]?.query).toEqual({
      filter:
        'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api" ' +
        `AND resource.labels.credential_id = "apikey:${UID}"`,
      'interval.startTime': '2026-11-24T06:00:00.000Z',
      'interval.endTime': '2026-11-24T12:00:00.000Z',
      'aggregation.alignmentPeriod': '3600s',
      'aggregation.perSeriesAligner': 'ALIGN_SUM',
      'aggregation.crossSeriesReducer': 'REDUCE_SUM',
      'aggregation.groupByFields': 'resource.labels.method',
      view: 'FULL',
      pageSize: '5000',
      pageToken: '',
    });
  });

  test('ends with a whole minute, so that a request at the edge of the window is counted, and is whole hours before it', async () => {
    const window = { from: plusMs(FROM, MINUTE_MS - 1), until: plusMs(FROM, MINUTE_MS + 1) };
    const { heard } = await metering([{}], window);
    expect(heard[0]?.query).toMatchObject({
      'interval.startTime': '2026-11-24T05:02:00.000Z',
      'interval.endTime': '2026-11-24T06:02:00.000Z',
    });
  });
});

describe('what is known', () => {
  test('is the hours with requests over all series on all pages, oldest first, and since when the key is counted', async () => {
    const { outcome, heard } = await metering([
      { body: { timeSeries: [seriesOf(GENERATE, '2', '40', '0')], nextPageToken: 'two' } },
      BUSY,
      {
        body: { timeSeries: [seriesOf('google.maps.places.v1.Places.SearchText', '1'), seriesOf(undefined, '0', '2')] },
      },
    ]);
    expect(outcome).toEqual({ known: true, hours: [hour(5, 42), hour(6, 3)], seenSince: plusMs(FROM, 4 * HOUR_MS) });
    expect(heard.map(({ query }) => query['pageToken'])).toEqual(['', 'two', 'two']);
  });

  test('is no use where models were listed, which shows that the key is counted all the same', async () => {
    const { outcome } = await metering([{ body: { timeSeries: [seriesOf(LIST, '2', '40')], executionErrors: [] } }]);
    expect(outcome).toEqual({ known: true, hours: [], seenSince: plusMs(FROM, 5 * HOUR_MS) });
    const method = `${LIST}s`;
    expect((await metering([{ body: { timeSeries: [seriesOf(method, '1')] } }])).outcome).toMatchObject({
      hours: [hour(6, 1)],
    });
  });

  test('is that the key was never counted where there is no series', async () => {
    expect((await metering([{}])).outcome).toEqual({ known: true, hours: [] });
  });
});

describe('unknown is never zero:', () => {
  const INCOMPLETE = 'Cloud Monitoring answered, but not with everything that it should have counted.';

  test.each<[string, object, string]>([
    ['an empty window', { until: FROM }, 'the window is empty'],
    ['a window that ends before it begins', { until: plusMs(FROM, -1) }, 'the window is empty'],
    ['the id of a key', { uid: 'kw-1' }, 'that is not the uid of a key'],
    ['a key instead of its uid', { uid: 'AI' + 'za' + 'x'.repeat(35) }, 'that is not the uid of a key'],
    ['what would end the filter', { uid: `${UID}" OR "` }, 'that is not the uid of a key'],
    ['what is not a project', { project: 'p/q' }, '"p/q" is not a project. Write its id or its number.'],
  ])('%s is not asked about', async (_, question, why) => {
    const { outcome, heard } = await metering([], question);
    expect(outcome).toEqual({ known: false, why });
    expect(heard).toEqual([]);
  });

  test.each<[string, object]>([
    ['execution errors', { timeSeries: [seriesOf(GENERATE, '1')], executionErrors: [{ code: 4 }] }],
    ['a series without points', { timeSeries: [{}] }],
    ['a series of no points', { timeSeries: [seriesOf(GENERATE)] }],
    ['a series that is null', { timeSeries: [null] }],
    ['a point that is null', { timeSeries: [{ points: [null] }] }],
    ['a point without a value', { timeSeries: [{ points: [{ interval: { endTime: endOf(1) } }] }] }],
    ['a point without a time', { timeSeries: [{ points: [{ value: { int64Value: '1' } }] }] }],
    [
      'a point of an hour that is no moment',
      { timeSeries: [{ points: [{ interval: { endTime: 'noon' }, value: { int64Value: '1' } }] }] },
    ],
    ['a count that is a number', { timeSeries: [seriesOf(GENERATE, 1)] }],
    ['a count below zero', { timeSeries: [seriesOf(GENERATE, '-1')] }],
    ['a count that is a fraction', { timeSeries: [seriesOf(GENERATE, '1.5')] }],
    ['a count too large to add up', { timeSeries: [seriesOf(GENERATE, '1'.repeat(16))] }],
  ])('%s leave it open', async (_, body) => {
    expect((await metering([{ body }])).outcome).toEqual({ known: false, why: INCOMPLETE });
  });

  test('what is no list of series leaves it open', async () => {
    const { outcome } = await metering([{ body: { timeSeries: {} } }]);
    expect(outcome).toMatchObject({ known: false, why: expect.stringContaining('Cannot count the requests') });
  });

  test('a later page that fails takes the earlier ones with it', async () => {
    const first = { body: { timeSeries: [seriesOf(GENERATE, '7')], nextPageToken: 'two' } };
    const { outcome, heard } = await metering([first, BUSY, BUSY, BUSY, BUSY]);
    expect(outcome).toMatchObject({ known: false });
    expect(heard).toHaveLength(5);
  });

  test('a refusal says what is missing', async () => {
    const { outcome } = await metering([refusal(403, 'PERMISSION_DENIED', 'No.')]);
    expect(outcome).toEqual({
      known: false,
      why:
        `Cannot count the requests of the key with uid ${UID} in project demo-project: Google says "No." ` +
        'Grant monitoring.timeSeries.list on it, for example with roles/monitoring.viewer. ' +
        'The same answer is given when it does not exist.',
    });
  });

  test('no answer in time leaves it open', async () => {
    const retries = { attemptsMax: 1, waitMs: 0, waitMsMax: 0 };
    const { outcome } = await metering(['hang'], {}, { callMs: 20, retries });
    expect(outcome).toMatchObject({ known: false, why: expect.stringContaining('no answer came in time') });
  });
});

test('a bug is not taken for trouble of the world', async () => {
  const random = (): number => {
    throw new TypeError('a bug');
  };
  await expect(metering([BUSY], {}, { random })).rejects.toThrow('a bug');
});

test('a URL that cannot be used is refused at once, and Google itself is the default', async () => {
  const [clock, random] = [stillClock(), () => 0];
  expect(() => cloudMonitoringMeter({ url: 'ftp://x', clock, random })).toThrow('The Cloud Monitoring URL');
  await cloudMonitoringMeter({ clock, random }).close();
});

describe('with the pretend Cloud Monitoring', () => {
  test('counts a key’s requests in the window, lists apart, and no other key’s', async () => {
    const cloud = await pretendCloud({ base: () => FROM, printBugs: true });
    const meter = cloudMonitoringMeter({ url: cloud.url, clock: stillClock(), random: () => 0 });
    const project = cloud.names.numberOf('demo-project');
    const key = { uid: UID, project, kind: 'standard' } as const;
    const use = (uid: string, method: string, minute: number): void =>
      cloud.meter.use({ ...key, uid }, `google.ai.generativelanguage.v1beta.${method}`, FROM + minute * MINUTE_MS);
    for (const minute of [-1, 0, 200, 359, 360]) use(UID, 'ModelService.ListModels', minute);
    use(UID, 'GenerativeService.GenerateContent', 10);
    use(UID.replace('1', '2'), 'ModelService.ListModels', 10);
    cloud.clock.advance(7 * HOUR_MS);
    expect(await meter.usage('demo-project', UID, FROM, UNTIL)).toEqual({
      known: true,
      hours: [hour(1, 1)],
      seenSince: plusMs(FROM, HOUR_MS),
    });
    expect(await meter.usage('demo-project', UID, UNTIL, plusMs(UNTIL, 1))).toMatchObject({
      hours: [],
      seenSince: UNTIL + MINUTE_MS,
    });
    await meter.close();
    await cloud.close();
  });
});
