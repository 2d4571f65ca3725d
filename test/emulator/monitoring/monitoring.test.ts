import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { utcText } from '../../../src/emulator/wire/rest/micros.ts';
import { DAY_MS, MINUTE_MS, NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
let uid: string;
let begun: number;
const LAG_MS = 30 * MINUTE_MS;
const METRIC = 'serviceruntime.googleapis.com/api/request_count';

beforeAll(async () => {
  cloud = await testCloud();
});
beforeEach(async () => {
  const heard = await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
  ({ uid } = heard.json() as { uid: string });
  begun = cloud.clock.now();
});
afterEach(() => cloud.reset());
afterAll(() => cloud.close());

interface Found {
  readonly timeSeries?: readonly {
    readonly points: readonly {
      readonly interval: { startTime: string; endTime: string };
      value: { int64Value: string };
    }[];
    readonly resource: { readonly labels: Readonly<Record<string, string>> };
  }[];
  readonly nextPageToken?: string;
}

const usual = (): string => `metric.type = "${METRIC}" AND resource.labels.credential_id = "apikey:${uid}"`;
const probe = (path = '/v1beta/models') => cloud.ask('GET', path, { headers: { 'x-goog-api-key': STANDARD } });
const traffic = (perMinute: number) => cloud.control('POST traffic', { key: STANDARD, perMinute });

function ask(query: Readonly<Record<string, string>> = {}, from = begun, to = cloud.clock.now()) {
  const interval = {
    'interval.startTime': new Date(from).toISOString(),
    'interval.endTime': new Date(to).toISOString(),
  };
  const parameters = new URLSearchParams({ filter: usual(), ...interval, ...query });
  return cloud.ask('GET', `/v3/projects/${PROJECT}/timeSeries?${parameters.toString()}`);
}

async function found(
  query: Readonly<Record<string, string>> = {},
  from = begun,
  to = cloud.clock.now(),
): Promise<Found> {
  const heard = await ask(query, from, to);
  expect(heard.status).toBe(200);
  return heard.json() as Found;
}

const total = ({ timeSeries = [] }: Found): number =>
  timeSeries.flatMap(({ points }) => points).reduce((sum, { value }) => sum + Number(value.int64Value), 0);

describe('timeSeries.list', () => {
  test('shows what a key did, minute by minute, newest first, with the uid in a resource label', async () => {
    await probe();
    await probe();
    cloud.clock.advance(2 * MINUTE_MS);
    await probe('/v1/models');
    cloud.clock.advance(MINUTE_MS);
    await probe();
    cloud.clock.advance(LAG_MS);
    const iso = (minutes: number) => utcText((begun + minutes * MINUTE_MS) * 1000);
    const metric = {
      type: METRIC,
      labels: { protocol: 'http', response_code: '200', response_code_class: '2xx', grpc_status_code: '0' },
    };
    const resource = (version: string) => ({
      type: 'consumed_api',
      labels: {
        project_id: PROJECT,
        service: 'generativelanguage.googleapis.com',
        method: `google.ai.generativelanguage.${version}.ModelService.ListModels`,
        version,
        location: 'global',
        credential_id: `apikey:${uid}`,
      },
    });
    const point = (minute: number, count: string) => ({
      interval: { startTime: iso(minute - 1), endTime: iso(minute) },
      value: { int64Value: count },
    });
    const [kind, type] = ['DELTA', 'INT64'];
    expect(await found()).toEqual({
      timeSeries: [
        { metric, resource: resource('v1beta'), metricKind: kind, valueType: type, points: [point(1, '2')] },
        { metric, resource: resource('v1'), metricKind: kind, valueType: type, points: [point(3, '1')] },
      ],
      unit: '1',
    });
    cloud.clock.advance(MINUTE_MS);
    expect((await found()).timeSeries?.[0]?.points).toEqual([point(4, '1'), point(1, '2')]);
  });

  test('is empty when nothing was used', async () => {
    cloud.clock.advance(DAY_MS);
    expect(await found()).toEqual({});
  });

  test('shows points half an hour late, or as late as it was told', async () => {
    await probe();
    cloud.clock.advance(LAG_MS + MINUTE_MS - 1);
    expect(await found()).toEqual({});
    cloud.clock.advance(1);
    expect(total(await found())).toBe(1);
    const prompt = await testCloud({ monitoringLagMs: 0 });
    prompt.meter.use({ uid: 'u', project: NUMBER, kind: 'auth' }, 'google.x.v1.Y', prompt.clock.now());
    prompt.clock.advance(MINUTE_MS);
    const interval = `interval.startTime=2026-01-01T00:00:00Z&interval.endTime=2027-01-01T00:00:00Z`;
    const heard = await prompt.ask(
      'GET',
      `/v3/projects/${NUMBER}/timeSeries?filter=metric.type="${METRIC}"&${interval}`,
    );
    expect(total(heard.json() as Found)).toBe(1);
    await prompt.close();
  });

  test('counts steady traffic from when it began to when it was changed', async () => {
    await traffic(5);
    cloud.clock.advance(10 * MINUTE_MS);
    await traffic(2);
    cloud.clock.advance(10 * MINUTE_MS);
    await traffic(0);
    cloud.clock.advance(DAY_MS);
    expect(total(await found())).toBe(10 * 5 + 10 * 2);
    expect(total(await found({}, begun + 15 * MINUTE_MS))).toBe(5 * 2);
    expect(await found({}, begun + 20 * MINUTE_MS)).toEqual({});
    expect(total(await found({}, begun, begun + 5 * MINUTE_MS))).toBe(5 * 5);
  });

  test('adds requests and traffic of one method up', async () => {
    const uses = 'google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent';
    cloud.meter.use({ uid, project: NUMBER, kind: 'standard' }, uses, begun);
    await traffic(4);
    cloud.clock.advance(MINUTE_MS);
    await traffic(0);
    cloud.clock.advance(LAG_MS);
    expect((await found()).timeSeries?.[0]?.points.map(({ value }) => value.int64Value)).toEqual(['5']);
  });

  test.each(['ALIGN_SUM', '14', 'ALIGN_DELTA', '1'])(
    'sums whole periods counted back from the end: %s',
    async (aligner) => {
      await traffic(1);
      cloud.clock.advance(150 * MINUTE_MS);
      const aggregation = { 'aggregation.perSeriesAligner': aligner, 'aggregation.alignmentPeriod': '3600s' };
      const end = begun + 120 * MINUTE_MS;
      const { timeSeries } = await found(aggregation, begun, end);
      expect(timeSeries?.[0]?.points).toEqual([
        {
          interval: { startTime: utcText((begun + 60 * MINUTE_MS) * 1000), endTime: utcText(end * 1000) },
          value: { int64Value: '60' },
        },
        {
          interval: {
            startTime: utcText(begun * 1000),
            endTime: utcText((begun + 60 * MINUTE_MS) * 1000),
          },
          value: { int64Value: '60' },
        },
      ]);
    },
  );

  test('pages by points, and a reader of all pages gets every one', async () => {
    await traffic(1);
    await probe();
    cloud.clock.advance(LAG_MS + 10 * MINUTE_MS);
    let sum = 0;
    let pages = 0;
    let pageToken = '';
    do {
      const page = await found({ pageSize: '4', pageToken });
      sum += total(page);
      pages += 1;
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect([sum, pages]).toEqual([11, 3]);
  });

  test.each(['HEADERS', '1'])('leaves points out of the view %s', async (view) => {
    await probe();
    cloud.clock.advance(LAG_MS + MINUTE_MS);
    expect((await found({ view })).timeSeries).toEqual([expect.not.objectContaining({ points: expect.anything() })]);
  });

  test.each(['apikey', 'serviceaccount'] as const)('labels a bound key as the switch says: %s', async (boundKeysAs) => {
    const other = await testCloud({ boundKeysAs, monitoringLagMs: 0 });
    for (const kind of ['auth', 'standard'] as const) {
      other.meter.use({ uid: kind, project: NUMBER, kind }, 'google.x.v1.Y', other.clock.now());
    }
    other.clock.advance(MINUTE_MS);
    const interval = 'interval.startTime=2026-01-01T00:00:00Z&interval.endTime=2027-01-01T00:00:00Z';
    const heard = await other.ask(
      'GET',
      `/v3/projects/${NUMBER}/timeSeries?filter=metric.type="${METRIC}"&${interval}`,
    );
    const { timeSeries = [] } = heard.json() as Found;
    expect(timeSeries.map(({ resource }) => resource.labels['credential_id'])).toEqual([
      `${boundKeysAs}:auth`,
      'apikey:standard',
    ]);
    await other.close();
  });

  test('keeps projects apart', async () => {
    await probe();
    cloud.meter.use({ uid: 'other', project: '1', kind: 'standard' }, 'google.x.v1.Y', begun);
    cloud.clock.advance(LAG_MS + MINUTE_MS);
    expect(total(await found({ filter: `metric.type = "${METRIC}"` }))).toBe(1);
  });

  test.each([
    ['resource.type = "consumed_api"', 1],
    ['resource.type = consumed_api', 1],
    ['resource.label.service = "generativelanguage.googleapis.com"', 1],
    ['metric.labels.response_code = "200"', 1],
    ['metric.labels.response_code != "200"', 0],
    ['resource.labels.credential_id = "apikey:other"', 0],
    ['resource.labels.credential_id : "apikey:"', 1],
    ['resource.labels.method = starts_with("google.ai")', 1],
    ['resource.labels.method = ends_with("GenerateContent")', 0],
    ['resource.labels.method != has_substring("List")', 0],
    ['metric.labels.response_code = one_of("200", "400")', 1],
    ['NOT metric.labels.response_code = "400"', 1],
    ['-metric.labels.response_code = "200"', 0],
    ['(resource.labels.version = "v1" OR resource.labels.version = "v1beta")', 1],
    ['resource.labels.version = "v1beta" resource.labels.location = "global"', 1],
    ['metric.type != "other"', 1],
  ])('filters by %s', async (term, count) => {
    await probe();
    cloud.clock.advance(LAG_MS + MINUTE_MS);
    expect(total(await found({ filter: `${usual()} AND ${term}` }))).toBe(count);
  });

  test('a misspelt metric and a label it does not have are errors, not "no traffic"', async () => {
    const other = await ask({ filter: 'metric.type = "compute.googleapis.com/x"' });
    expect(other.json()).toMatchObject({
      error: { code: 404, message: expect.stringContaining('match type = "compute.googleapis.com/x"') },
    });
    const label = await ask({ filter: `metric.type = "${METRIC}" AND metric.labels.credential_id = "apikey:x"` });
    expect(label.json()).toMatchObject({
      error: { code: 400, message: expect.stringContaining('valid combination of metric and monitored resource') },
    });
  });

  test.each([
    ['ALIGN_RATE', { doubleValue: 1 / 60 }, 'GAUGE', 'DOUBLE'],
    ['ALIGN_MEAN', { doubleValue: 1 }, 'GAUGE', 'DOUBLE'],
    ['ALIGN_MIN', { int64Value: '1' }, 'GAUGE', 'INT64'],
    ['ALIGN_MAX', { int64Value: '1' }, 'GAUGE', 'INT64'],
    ['ALIGN_COUNT', { int64Value: '60' }, 'GAUGE', 'INT64'],
  ])('aligns by %s', async (aligner, value, metricKind, valueType) => {
    await traffic(1);
    cloud.clock.advance(90 * MINUTE_MS);
    const aggregation = { 'aggregation.perSeriesAligner': aligner, 'aggregation.alignmentPeriod': '3600s' };
    const heard = await ask(aggregation, begun, begun + 60 * MINUTE_MS);
    expect(heard.json()).toMatchObject({ timeSeries: [{ metricKind, valueType, points: [{ value }] }] });
  });

  test.each([
    ['REDUCE_SUM', [], 3],
    ['REDUCE_MAX', [], 2],
    ['REDUCE_COUNT', [], 2],
    ['REDUCE_SUM', ['resource.labels.method'], 3],
  ])('reduces by %s over %j', async (reducer, groupBy, sum) => {
    await probe();
    await probe();
    await probe('/v1/models');
    cloud.clock.advance(LAG_MS + MINUTE_MS);
    const query = {
      'aggregation.perSeriesAligner': 'ALIGN_SUM',
      'aggregation.alignmentPeriod': '3600s',
      'aggregation.crossSeriesReducer': reducer,
      ...(groupBy[0] !== undefined && { 'aggregation.groupByFields': groupBy[0] }),
    };
    const answer = await found(query);
    expect(answer.timeSeries?.map(({ resource }) => Object.keys(resource.labels))).toEqual(
      groupBy.length === 0
        ? [['project_id']]
        : [
            ['project_id', 'method'],
            ['project_id', 'method'],
          ],
    );
    expect(total(answer)).toBe(sum);
  });

  test('keeps six weeks, so that a leap of the clock costs nothing', async () => {
    await traffic(1);
    cloud.clock.advance(400 * DAY_MS);
    expect(total(await found({}, begun))).toBe(42 * 24 * 60 - LAG_MS / MINUTE_MS);
  });

  test.each<[Readonly<Record<string, string>>, number, RegExp]>([
    [{ filter: '' }, 400, /restriction on "metric\.type"/],
    [{ filter: 'resource.type = "consumed_api"' }, 400, /restriction on "metric\.type"/],
    [{ filter: 'metric.type = "a" AND metric.type = "b"' }, 400, /restriction on "metric\.type"/],
    [{ filter: 'metric.type = "a" OR metric.type = "b"' }, 400, /restriction on "metric\.type"/],
    [{ filter: 'metric.type = starts_with("a")' }, 400, /restriction on "metric\.type"/],
    [{ filter: 'metric.type ~ "a"' }, 400, /could not be parsed/],
    [{ filter: 'metric.type = ("a"' }, 400, /could not be parsed/],
    [{ filter: '(metric.type = "a"' }, 400, /could not be parsed/],
    [{ filter: 'metric.type = one_of("a"' }, 400, /could not be parsed/],
    [{ orderBy: 'x' }, 400, /Cannot bind query parameter/],
    [
      { 'interval.startTime': '' },
      400,
      /'interval\.start_time' \(type\.googleapis\.com\/google\.protobuf\.Timestamp\)/,
    ],
    [{ 'interval.endTime': 'soon' }, 400, /'interval\.end_time'/],
    [{ 'interval.endTime': '2020-01-01T00:00:00Z' }, 400, /must be before the end time/],
    [{ 'aggregation.perSeriesAligner': 'ALIGN_SUM' }, 400, /alignment_period/],
    [{ 'aggregation.perSeriesAligner': 'ALIGN_SUM', 'aggregation.alignmentPeriod': '59s' }, 400, /at least 60s/],
    [{ 'aggregation.perSeriesAligner': 'ALIGN_STDDEV', 'aggregation.alignmentPeriod': '60s' }, 501, /no ALIGN_STDDEV/],
    [{ 'aggregation.crossSeriesReducer': 'REDUCE_SUM' }, 400, /needs an aligner/],
    [{ 'aggregation.perSeriesAligner': 'ALIGN_NOPE' }, 400, /monitoring\.v3\.Aggregation\.Aligner/],
    [{ pageSize: 'many' }, 400, /page_size/],
  ])('refuses %j', async (query, code, message) => {
    const heard = await ask(query);
    expect(heard.json()).toMatchObject({ error: { code, message: expect.stringMatching(message) } });
  });

  test('takes no aggregation by name or number', async () => {
    await probe();
    cloud.clock.advance(LAG_MS + MINUTE_MS);
    for (const none of [
      ['ALIGN_NONE', 'REDUCE_NONE'],
      ['0', '0'],
    ] as const) {
      const query = { 'aggregation.perSeriesAligner': none[0], 'aggregation.crossSeriesReducer': none[1] };
      expect(total(await found(query))).toBe(1);
    }
  });

  test('needs monitoring.timeSeries.list, and GET', async () => {
    cloud.iam.register('token', 'a@b.example');
    const headers = { authorization: 'Bearer token' };
    const path = `/v3/projects/${PROJECT}/timeSeries`;
    expect((await cloud.ask('GET', path, { headers })).json()).toMatchObject({
      error: {
        code: 403,
        message: 'Permission monitoring.timeSeries.list denied (or the resource may not exist).',
      },
    });
    cloud.iam.grant(PROJECT, 'serviceAccount:a@b.example', 'roles/monitoring.viewer');
    expect((await cloud.ask('GET', path, { headers })).status).toBe(400);
    expect((await cloud.ask('POST', path, { body: {} })).status).toBe(501);
    expect((await cloud.ask('GET', '/v3/projects/p/other')).status).toBe(404);
  });
});
