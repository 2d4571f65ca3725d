import { ApiError } from '../wire/api-error.ts';
import type { MovableClock } from '../world/clock.ts';
import type { Service } from '../wire/http.ts';
import type { Iam } from '../world/iam.ts';
import { GEMINI_API } from '../world/restrictions.ts';
import type { Meter, SeriesLabels } from '../world/meter.ts';
import type { ProjectNames } from '../world/names.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { utcText } from '../wire/rest/micros.ts';
import { pageOf } from '../wire/rest/pages.ts';
import { aligned, isDouble, reduced, requireServed, type LabelledSeries, type Point } from './aggregate.ts';
import { seriesFilter, type SeriesFields } from './filter.ts';
import { seriesRequest, type SeriesRequest } from './request.ts';

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
const PAGES = { usual: 100_000, most: 100_000 };
/** Six weeks are kept (cloud.google.com/monitoring/quotas#data_retention_policy). */
const KEPT_MS = 42 * 24 * 60 * 60_000;
const KEPT_LABELS = ['resource.labels.project_id'];
const METRIC_LABELS = { protocol: 'http', response_code: '200', response_code_class: '2xx', grpc_status_code: '0' };
const OTHER_FIELDS = ['metric.type', 'resource.type', 'project'];

/** Cloud Monitoring's `timeSeries.list` for the one metric the worker asks about: requests per key. */
export function monitoringApi(parts: MonitoringParts): Service {
  return {
    title: 'Monitoring',
    answer(request) {
      const project = /^\/v3\/projects\/([^/:]+)\/timeSeries$/.exec(request.path)?.[1];
      if (project === undefined || request.method !== 'GET') return undefined;
      const caller = parts.iam.callerOf(request.headers['authorization']);
      parts.iam.require(caller, 'monitoring.timeSeries.list', { project, name: `projects/${project}` });
      return { status: 200, body: listed(parts, seriesRequest(request.query), parts.names.numberOf(project)) };
    },
  };
}

function listed(parts: MonitoringParts, asked: SeriesRequest, project: string): JsonObject {
  const filter = seriesFilter(asked.filter);
  if (filter.metricType !== REQUEST_COUNT) throw noSuchMetric(filter.metricType);
  const known = new Set([...Object.keys(fieldsOf(parts, EXAMPLE)), ...OTHER_FIELDS]);
  if (!filter.fields.every((field) => known.has(field))) throw noSuchCombination();
  requireServed(asked);
  const now = parts.clock.now();
  const series = parts.meter
    .between(Math.max(asked.from, now - KEPT_MS), Math.min(asked.to, now - parts.lagMs))
    .filter(({ labels }) => parts.names.numberOf(labels.project) === project)
    .map(({ labels, minutes }) => ({ labels: fieldsOf(parts, labels), points: aligned(minutes, asked) }))
    .filter(({ labels }) => filter.passes({ ...labels, ...TYPES }));
  const entries = reduced(series, asked, KEPT_LABELS).flatMap((one) => one.points.map((point) => ({ one, point })));
  const { items, ...next } = pageOf(entries, asked.page, PAGES);
  if (items.length === 0) return {};
  const timeSeries = [...Map.groupBy(items, ({ one }) => one)].map(([one, shown]) =>
    seriesJson(one, asked.headersOnly ? [] : shown.map(({ point }) => point), asked),
  );
  return { timeSeries, ...next, unit: '1' };
}

const TYPES = { 'metric.type': REQUEST_COUNT, 'resource.type': 'consumed_api' };
const EXAMPLE: SeriesLabels = { project: '0', uid: '', kind: 'standard', method: '' };

/** The key's uid stands in a label of the *resource* (measured for standard keys). */
function fieldsOf({ names, boundKeysAs }: MonitoringParts, { project, uid, kind, method }: SeriesLabels): SeriesFields {
  const resource = {
    project_id: names.idOf(project),
    service: GEMINI_API,
    method,
    version: method.includes('.v1beta.') ? 'v1beta' : 'v1',
    location: 'global',
    credential_id: `${kind === 'auth' ? boundKeysAs : 'apikey'}:${uid}`,
  };
  return { ...prefixed('resource.labels.', resource), ...prefixed('metric.labels.', METRIC_LABELS) };
}

function prefixed(prefix: string, labels: SeriesFields): SeriesFields {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${prefix}${name}`, value]));
}

function seriesJson({ labels }: LabelledSeries, points: readonly Point[], asked: SeriesRequest): JsonObject {
  const iso = (moment: number): string => utcText(moment * 1000);
  const [metric, resource] = [under('metric.labels.', labels), under('resource.labels.', labels)];
  const doubles = isDouble(asked);
  const stillDelta = ['ALIGN_NONE', 'ALIGN_SUM', 'ALIGN_DELTA'].includes(asked.aligner);
  return {
    metric: { type: REQUEST_COUNT, ...(Object.keys(metric).length > 0 && { labels: metric }) },
    resource: { type: 'consumed_api', labels: resource },
    metricKind: stillDelta ? 'DELTA' : 'GAUGE',
    valueType: doubles ? 'DOUBLE' : 'INT64',
    ...(points.length > 0 && {
      points: points.map(({ startsAt, endsAt, value }) => ({
        interval: { startTime: iso(startsAt), endTime: iso(endsAt) },
        value: doubles ? { doubleValue: value } : { int64Value: `${value}` },
      })),
    }),
  };
}

function under(prefix: string, labels: SeriesFields): SeriesFields {
  const own = Object.entries(labels).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** A misspelt metric is an error and not "no traffic" (reported by users of Monitoring). */
function noSuchMetric(type: string): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `Cannot find metric(s) that match type = "${type}". If a metric was created recently, it could take up to 10 ` +
      'minutes to become available. Please try again soon.',
  );
}

/** So is a label that the metric and its resource do not have, such as `metric.labels.credential_id`. */
function noSuchCombination(): ApiError {
  return new ApiError(
    'INVALID_ARGUMENT',
    'The supplied filter does not specify a valid combination of metric and monitored resource descriptors. The ' +
      'query will not return any time series.',
  );
}
