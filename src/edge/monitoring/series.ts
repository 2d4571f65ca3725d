import { Fault } from '../../app/ports/fault.ts';
import type { UsedHour } from '../../core/rotation/rhythm.ts';
import { isRecord } from '../../core/values/json.ts';
import { isoOf, parseInstant, type Instant } from '../../core/values/time.ts';
import type { Asked } from '../google/errors.ts';
import { projectAt } from '../google/key-names.ts';
import { boundedPages } from '../google/pages.ts';
import { googleRest, listIn, nextPageIn, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly, type RetryPlan } from '../google/retry.ts';

/** How to reach Cloud Monitoring and how patient to be; without `url`, Google itself. */
export interface MeterOptions extends RestAdapterOptions {
  readonly url?: string | undefined;
  readonly retries?: RetryPlan | undefined;
}

const RETRIES: RetryPlan = { attemptsMax: 4, waitMs: 500, waitMsMax: 8_000 };

/** Says that a key is known and not that anybody works with it: the check itself lists models in every run. */
const LISTING = /^google\.ai\.generativelanguage\.\w+\.ModelService\.ListModels$/;

/** A uid is a UUID. Nothing else gets into a URL, least of all a key. */
export const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Requests of one method by the hour. */
export interface CountedSeries {
  /** Empty where a series does not say: then it counts as use. */
  readonly method: string;
  /** `apikey:<uid>`; empty where it was not asked for. */
  readonly credential: string;
  readonly isUse: boolean;
  readonly hours: readonly UsedHour[];
}

/** Which requests are counted, from and to which moments: hours are counted back from the later one. */
export interface CountQuery {
  /** More of the filter than the metric and its resource. */
  readonly filter?: string | undefined;
  readonly start: Instant;
  readonly end: Instant;
  readonly groupBy: readonly string[];
  readonly pageSize: number;
}

/** Reads the one metric that counts requests, of every API: a standard key may be good for others than Gemini. */
export interface RequestCounts {
  /** Rejects with `Fault` unless every page agreed to count everything. */
  of(project: string, query: CountQuery, asked: Asked): AsyncGenerator<CountedSeries>;
  close(): Promise<void>;
}

/** Throws `invalid` at once for a URL that cannot be used. */
export function requestCounts(options: MeterOptions): RequestCounts {
  const { url = 'https://monitoring.googleapis.com', clock, random, authClient, callMs } = options;
  const rest = googleRest({ title: 'Cloud Monitoring', url, authClient, callMs });
  const patience = { clock, random, plan: options.retries ?? RETRIES };
  return {
    async *of(project, counted, asked) {
      const path = `/v3/${projectAt(project)}/timeSeries`;
      const pages = boundedPages(async (pageToken) => {
        const query = { ...queryOf(counted), pageToken };
        const page = await repeatedly(patience, () => rest.ask({ method: 'GET', path, query, project }, asked));
        if (listIn(page, 'executionErrors', asked).length > 0) throw incomplete();
        return { items: listIn(page, 'timeSeries', asked), next: nextPageIn(page) };
      });
      for await (const page of pages) for (const one of page) yield seriesIn(one);
    },
    close: () => rest.close(),
  };
}

const METRIC = 'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api"';

function queryOf({
  filter,
  start,
  end,
  groupBy,
  pageSize,
}: CountQuery): Readonly<Record<string, string | readonly string[]>> {
  return {
    filter: filter === undefined ? METRIC : `${METRIC} AND ${filter}`,
    'interval.startTime': isoOf(start),
    'interval.endTime': isoOf(end),
    'aggregation.alignmentPeriod': '3600s',
    'aggregation.perSeriesAligner': 'ALIGN_SUM',
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    'aggregation.groupByFields': groupBy,
    view: 'FULL',
    pageSize: String(pageSize),
  };
}

/** The uid stands in a label of the *resource* (measured on production). */
function seriesIn(series: unknown): CountedSeries {
  const resource = isRecord(series) ? series['resource'] : undefined;
  const labels = isRecord(resource) ? resource['labels'] : undefined;
  const label = (name: string): string => {
    const value = isRecord(labels) ? labels[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  const method = label('method');
  return { method, credential: label('credential_id'), isUse: !LISTING.test(method), hours: hoursIn(series) };
}

/** Only series with points come back, so one without says that something was left out. */
function hoursIn(series: unknown): readonly UsedHour[] {
  const points = isRecord(series) ? series['points'] : undefined;
  if (!Array.isArray(points) || points.length === 0) throw incomplete();
  return points.map((point) => ({ endsAt: endOf(point), requests: countIn(point) }));
}

function endOf(point: unknown): Instant {
  const interval = isRecord(point) ? point['interval'] : undefined;
  const end = isRecord(interval) ? interval['endTime'] : undefined;
  const endsAt = typeof end === 'string' ? parseInstant(end) : undefined;
  if (endsAt === undefined) throw incomplete();
  return endsAt;
}

/** An int64 comes as text. */
function countIn(point: unknown): number {
  const value = isRecord(point) ? point['value'] : undefined;
  const count = isRecord(value) ? value['int64Value'] : undefined;
  if (typeof count === 'string' && /^\d{1,15}$/.test(count)) return Number(count);
  throw incomplete();
}

function incomplete(): Fault {
  return new Fault('unavailable', 'Cloud Monitoring answered, but not with everything that it should have counted.');
}
