import { describe, expect, test } from '@jest/globals';
import type { Usage } from '../../../src/app/ports/ports.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { cloudMonitoringMeter, type MeterOptions } from '../../../src/edge/monitoring/monitoring.ts';
import { startPretendCloud } from '../../../src/emulator/server/server.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { stillClock } from '../../support/still-clock.ts';

const UID = '7b2f0c1e-0000-4000-8000-000000000001';
const FROM = instantOf(Date.parse('2026-11-24T06:00:00Z'));
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const UNTIL = plusMs(FROM, 6 * HOUR_MS);
const BUSY = refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');

const seriesOf = (...counts: readonly unknown[]) => ({
  points: counts.map((int64Value) => ({ value: { int64Value } })),
});

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
  test('is one sum per series of the requests with this key to the Gemini API', async () => {
    const { heard } = await metering([{}]);
    expect(heard).toMatchObject([{ method: 'GET', path: '/v3/projects/demo-project/timeSeries' }]);
    expect(heard[0]?.query).toEqual({
      filter:
        'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api" ' +
        'AND resource.labels.service = "generativelanguage.googleapis.com" ' +
        `AND resource.labels.credential_id = "apikey:${UID}"`,
      'interval.startTime': '2026-11-24T06:00:00.000Z',
      'interval.endTime': '2026-11-24T12:00:00.000Z',
      'aggregation.alignmentPeriod': '21600s',
      'aggregation.perSeriesAligner': 'ALIGN_SUM',
      view: 'FULL',
      pageSize: '1000',
      pageToken: '',
    });
  });

  test('is whole minutes, so that a request at the edge of the window is counted', async () => {
    const window = { from: plusMs(FROM, MINUTE_MS - 1), until: plusMs(FROM, MINUTE_MS + 1) };
    const { heard } = await metering([{}], window);
    expect(heard[0]?.query).toMatchObject({
      'interval.startTime': '2026-11-24T06:00:00.000Z',
      'interval.endTime': '2026-11-24T06:02:00.000Z',
      'aggregation.alignmentPeriod': '120s',
    });
  });
});

describe('what is known', () => {
  test('is the sum over all points of all series on all pages, and how many series there were', async () => {
    const { outcome, heard } = await metering([
      { body: { timeSeries: [seriesOf('2', '40'), seriesOf('1')], nextPageToken: 'two' } },
      BUSY,
      { body: { timeSeries: [seriesOf('100')] } },
    ]);
    expect(outcome).toEqual({ known: true, requests: 143, series: 3 });
    expect(heard.map(({ query }) => query['pageToken'])).toEqual(['', 'two', 'two']);
  });

  test('is zero without any series, which the caller can tell from series that add up to zero', async () => {
    expect((await metering([{}])).outcome).toEqual({ known: true, requests: 0, series: 0 });
    const silent = await metering([{ body: { timeSeries: [seriesOf('0')], executionErrors: [] } }]);
    expect(silent.outcome).toEqual({ known: true, requests: 0, series: 1 });
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
    ['execution errors', { timeSeries: [seriesOf('1')], executionErrors: [{ code: 4 }] }],
    ['a series without points', { timeSeries: [{}] }],
    ['a series of no points', { timeSeries: [seriesOf()] }],
    ['a series that is null', { timeSeries: [null] }],
    ['a point that is null', { timeSeries: [{ points: [null] }] }],
    ['a point without a value', { timeSeries: [{ points: [{}] }] }],
    ['a count that is a number', { timeSeries: [seriesOf(1)] }],
    ['a count below zero', { timeSeries: [seriesOf('-1')] }],
    ['a count that is a fraction', { timeSeries: [seriesOf('1.5')] }],
    ['a count too large to add up', { timeSeries: [seriesOf('1'.repeat(16))] }],
  ])('%s leave it open', async (_, body) => {
    expect((await metering([{ body }])).outcome).toEqual({ known: false, why: INCOMPLETE });
  });

  test('what is no list of series leaves it open', async () => {
    const { outcome } = await metering([{ body: { timeSeries: {} } }]);
    expect(outcome).toMatchObject({ known: false, why: expect.stringContaining('Cannot count the requests') });
  });

  test('a later page that fails takes the earlier ones with it', async () => {
    const first = { body: { timeSeries: [seriesOf('7')], nextPageToken: 'two' } };
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
  test('counts a key’s requests of every method in the window, and no other key’s', async () => {
    const cloud = await startPretendCloud({ base: () => FROM, printBugs: true });
    const meter = cloudMonitoringMeter({ url: cloud.url, clock: stillClock(), random: () => 0 });
    const project = cloud.names.numberOf('demo-project');
    const key = { uid: UID, project, kind: 'standard' } as const;
    const use = (uid: string, method: string, minute: number): void =>
      cloud.meter.use({ ...key, uid }, `google.ai.generativelanguage.v1beta.${method}`, FROM + minute * MINUTE_MS);
    for (const minute of [-1, 0, 200, 359, 360]) use(UID, 'ModelService.ListModels', minute);
    use(UID, 'GenerativeService.GenerateContent', 10);
    use(UID.replace('1', '2'), 'ModelService.ListModels', 10);
    cloud.clock.advance(7 * HOUR_MS);
    expect(await meter.usage('demo-project', UID, FROM, UNTIL)).toEqual({ known: true, requests: 4, series: 2 });
    expect(await meter.usage('demo-project', UID, UNTIL, plusMs(UNTIL, 1))).toMatchObject({ requests: 1 });
    await meter.close();
    await cloud.close();
  });
});
