import { describe, expect, test } from '@jest/globals';
import { UIDS_MAX, type ProjectUsage } from '../../../src/app/ports/project-meter.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { cloudProjectMeter } from '../../../src/edge/monitoring/project-meter.ts';
import { pretendCloud } from '../../support/cloud.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { stillClock } from '../../support/still-clock.ts';

const [ONE, OTHER] = ['7b2f0c1e-0000-4000-8000-000000000001', '7b2f0c1e-0000-4000-8000-000000000002'] as const;
const FROM = instantOf(Date.parse('2026-11-24T06:00:00Z'));
const HOUR_MS = 3_600_000;
const UNTIL = plusMs(FROM, 6 * HOUR_MS);
const SERVICE = 'google.ai.generativelanguage.v1beta';
const [GENERATE, STREAM, LIST] = [
  `${SERVICE}.GenerativeService.GenerateContent`,
  `${SERVICE}.GenerativeService.StreamGenerateContent`,
  `${SERVICE}.ModelService.ListModels`,
] as const;

const seriesOf = (credential: string | undefined, method: string, ...counts: readonly string[]) => ({
  resource: { labels: { method, ...(credential === undefined ? {} : { credential_id: credential }) } },
  points: counts.map((int64Value, at) => ({
    interval: { endTime: new Date(UNTIL - at * HOUR_MS).toISOString() },
    value: { int64Value },
  })),
});
const hour = (back: number, requests: number) => ({ endsAt: plusMs(UNTIL, -back * HOUR_MS), requests });

function metering(script: readonly Line[], uids?: readonly string[], project = 'demo-project') {
  return scriptedGoogle(script, async (world): Promise<ProjectUsage> => {
    const meter = cloudProjectMeter(world);
    try {
      return await meter.useByKey(project, { from: FROM, until: UNTIL, ...(uids === undefined ? {} : { uids }) });
    } finally {
      await meter.close();
    }
  });
}

describe('the use of all keys of a project', () => {
  test('is one list, grouped by key and method, and of some keys alone where they are named', async () => {
    const { heard } = await metering([{}]);
    expect(heard[0]?.query).toMatchObject({
      filter: 'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api"',
      'interval.startTime': '2026-11-24T06:00:00.000Z',
      'interval.endTime': '2026-11-24T12:00:00.000Z',
      pageSize: '10000',
    });
    const named = await metering([{}], [ONE, OTHER, `${ONE}") OR resource.type = ("`]);
    expect(named.heard[0]?.query['filter']).toMatch(
      new RegExp(`credential_id = one_of\\("apikey:${ONE}", "apikey:${OTHER}"\\)$`),
    );
  });

  test('is told key by key, with what was counted of anybody, over all pages', async () => {
    const { outcome } = await metering([
      { body: { timeSeries: [seriesOf(`apikey:${ONE}`, GENERATE, '5', '7')], nextPageToken: 'two' } },
      {
        body: {
          timeSeries: [
            seriesOf(`apikey:${ONE}`, STREAM, '9', '0', '1'),
            seriesOf(`apikey:${OTHER}`, LIST, '6', '6', '6', '6'),
            seriesOf('serviceaccount:117', GENERATE, '3'),
            seriesOf(undefined, GENERATE, '3', '3', '3', '3', '3'),
          ],
        },
      },
    ]);
    expect(outcome).toEqual({
      known: true,
      counted: new Set([0, 1, 2, 3, 4].map((back) => plusMs(UNTIL, -back * HOUR_MS))),
      keys: new Map([
        [
          ONE,
          {
            hours: [hour(2, 1), hour(1, 7), hour(0, 14)],
            seenSince: plusMs(UNTIL, -2 * HOUR_MS),
            lastMethods: [STREAM, GENERATE],
          },
        ],
        [OTHER, { hours: [], seenSince: plusMs(UNTIL, -3 * HOUR_MS), lastMethods: [] }],
      ]),
    });
  });

  test('is unknown where a page fails, and nobody is asked about a key that is none', async () => {
    const refused = refusal(403, 'PERMISSION_DENIED', 'no');
    expect((await metering([refused])).outcome).toMatchObject({ known: false });
    const { outcome, heard } = await metering([], ['AI' + 'za' + 'x'.repeat(35)]);
    expect([outcome, heard]).toEqual([{ known: true, counted: new Set(), keys: new Map() }, []]);
    expect((await metering([], undefined, 'p/q')).outcome).toMatchObject({ known: false });
  });

  test('fits into one filter for as many keys as are named at once', async () => {
    const { heard } = await metering(
      [{}],
      Array.from({ length: UIDS_MAX }, () => ONE),
    );
    expect(String(heard[0]?.query['filter']).length).toBeLessThan(2_048);
  });
});

test('the pretend cloud counts its keys so, each hour from its beginning to its end', async () => {
  const cloud = await pretendCloud({ base: () => FROM, printBugs: true });
  const project = cloud.names.numberOf('demo-project');
  cloud.meter.traffic({ uid: ONE, project, kind: 'standard' }, 2, FROM);
  cloud.clock.advance(7 * HOUR_MS);
  const meter = cloudProjectMeter({ url: cloud.url, clock: stillClock(), random: () => 0 });
  const usage = await meter.useByKey('demo-project', { from: plusMs(UNTIL, -2 * HOUR_MS), until: UNTIL, uids: [ONE] });
  await meter.close();
  await cloud.close();
  expect('keys' in usage && usage.keys.get(ONE)).toEqual({
    hours: [hour(1, 120), hour(0, 120)],
    seenSince: plusMs(UNTIL, -HOUR_MS),
    lastMethods: [GENERATE],
  });
});
