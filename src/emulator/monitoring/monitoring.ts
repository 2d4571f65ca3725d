import { ApiError } from '../api-error.ts';
import type { MovableClock } from '../clock.ts';
import type { Request, Service } from '../http.ts';
import type { Iam } from '../iam.ts';
import type { JsonObject } from '../rest/json-body.ts';
import { GEMINI_API } from '../key-restrictions.ts';
import type { Meter, MinuteCount, Series, SeriesLabels } from '../meter.ts';
import { seriesFilter } from './filter.ts';
import type { ProjectNames } from '../names.ts';
import { pageOf } from '../rest/pages.ts';

export interface MonitoringParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly meter: Meter;
  /** Points appear this late; up to 30 minutes were reported, 3 are typical. */
  readonly lagMs: number;
  /** Not settled: whether use of a bound key is counted under the key or under its service account. */
  readonly boundKeysAs: 'apikey' | 'serviceaccount';
}

const REQUEST_COUNT = 'serviceruntime.googleapis.com/api/request_count';
const MINUTE_MS = 60_000;
const PAGES = { usual: 100_000, most: 100_000 };
const METRIC_LABELS = { protocol: 'http', response_code: '200', response_code_class: '2xx', grpc_status_code: '0' };

/** Cloud Monitoring's `timeSeries.list` for the one metric the worker asks about: requests per key. */
export function monitoringApi(parts: MonitoringParts): Service {
  return {
    title: 'Monitoring',
    answer(request) {
      const project = /^\/v3\/projects\/([^/:]+)\/timeSeries$/.exec(request.path)?.[1];
      if (project === undefined || request.method !== 'GET') return undefined;
      const caller = parts.iam.callerOf(request.headers['authorization']);
      parts.iam.require(caller, 'monitoring.timeSeries.list', { project, name: `projects/${project}` });
      return { status: 200, body: listed(parts, request, parts.names.numberOf(project)) };
    },
  };
}

interface Point {
  readonly series: SeriesLabels;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly count: number;
}

function listed(parts: MonitoringParts, { query }: Request, project: string): JsonObject {
  const passes = seriesFilter(query.get('filter') ?? '');
  const from = momentOf(query, 'interval.startTime');
  const to = momentOf(query, 'interval.endTime');
  if (from > to) throw invalid('interval', 'the start time must not be after the end time');
  const periodMs = alignmentOf(query);
  const visible = Math.min(to, parts.clock.now() - parts.lagMs);
  const found = parts.meter
    .between(from, visible)
    .filter(({ labels }) => parts.names.numberOf(labels.project) === project && passes(fieldsOf(parts, labels)));
  const points = found.flatMap((series) => pointsOf(series, to, periodMs));
  const { items, ...next } = pageOf(points, query, PAGES);
  if (items.length === 0) return {};
  const groups = [...Map.groupBy(items, ({ series }) => series).entries()];
  const headersOnly = ['HEADERS', '1'].includes(query.get('view') ?? '');
  return {
    timeSeries: groups.map(([labels, group]) => seriesJson(parts, labels, headersOnly ? [] : group)),
    ...next,
    unit: '1',
  };
}

function momentOf(query: URLSearchParams, field: string): number {
  const moment = Date.parse(query.get(field) ?? '');
  if (Number.isNaN(moment)) throw invalid(field, 'it must be an RFC 3339 time');
  return moment;
}

/** Milliseconds per aligned point, or `undefined` without an aligner. Summing is the only alignment known here. */
function alignmentOf(query: URLSearchParams): number | undefined {
  const aligner = query.get('aggregation.perSeriesAligner') ?? 'ALIGN_NONE';
  const reducer = query.get('aggregation.crossSeriesReducer') ?? 'REDUCE_NONE';
  if (!['REDUCE_NONE', '0'].includes(reducer))
    throw new ApiError('UNIMPLEMENTED', 'The pretend cloud reduces nothing.');
  if (['ALIGN_NONE', '0'].includes(aligner)) return undefined;
  if (!['ALIGN_SUM', '14', 'ALIGN_DELTA', '1'].includes(aligner)) {
    throw new ApiError('UNIMPLEMENTED', 'The pretend cloud aligns only by sum.');
  }
  const seconds = Number(/^(\d{1,9})s$/.exec(query.get('aggregation.alignmentPeriod') ?? '')?.[1]);
  if (seconds >= 60) return seconds * 1000;
  throw invalid('aggregation.alignmentPeriod', 'it must be at least 60s');
}

function invalid(field: string, why: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Field ${field} had an invalid value: ${why}.`);
}

function fieldsOf(parts: MonitoringParts, labels: SeriesLabels): Readonly<Record<string, string>> {
  const entries = Object.entries(resourceLabels(parts, labels)).map(([name, value]) => [
    `resource.labels.${name}`,
    value,
  ]);
  const metric = Object.entries(METRIC_LABELS).map(([name, value]) => [`metric.labels.${name}`, value]);
  const types = { 'metric.type': REQUEST_COUNT, 'resource.type': 'consumed_api' };
  return { ...types, ...Object.fromEntries([...entries, ...metric]) };
}

/** The key's uid stands in a label of the *resource* (measured for standard keys). */
function resourceLabels(
  { names, boundKeysAs }: MonitoringParts,
  { project, uid, kind, method }: SeriesLabels,
): Record<string, string> {
  return {
    project_id: names.idOf(project),
    service: GEMINI_API,
    method,
    version: method.includes('.v1beta.') ? 'v1beta' : 'v1',
    location: 'global',
    credential_id: `${kind === 'auth' ? boundKeysAs : 'apikey'}:${uid}`,
  };
}

/** Newest first. Aligned windows are counted back from the end of the interval; empty ones have no point. */
function pointsOf({ labels, minutes }: Series, to: number, periodMs: number | undefined): readonly Point[] {
  const endOf = ({ endsAt }: MinuteCount): number =>
    periodMs === undefined ? endsAt : to - Math.floor((to - endsAt) / periodMs) * periodMs;
  return [...Map.groupBy(minutes, endOf)]
    .map(([endsAt, group]) => ({
      series: labels,
      startsAt: endsAt - (periodMs ?? MINUTE_MS),
      endsAt,
      count: group.reduce((sum, { count }) => sum + count, 0),
    }))
    .sort((a, b) => b.endsAt - a.endsAt);
}

function seriesJson(parts: MonitoringParts, labels: SeriesLabels, points: readonly Point[]): JsonObject {
  const iso = (moment: number): string => new Date(moment).toISOString();
  return {
    metric: { type: REQUEST_COUNT, labels: METRIC_LABELS },
    resource: { type: 'consumed_api', labels: resourceLabels(parts, labels) },
    metricKind: 'DELTA',
    valueType: 'INT64',
    points: points.map(({ startsAt, endsAt, count }) => ({
      interval: { startTime: iso(startsAt), endTime: iso(endsAt) },
      value: { int64Value: `${count}` },
    })),
  };
}
