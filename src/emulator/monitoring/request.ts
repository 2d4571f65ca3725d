import { ApiError } from '../wire/api-error.ts';
import { duration, message, oneOf, readRoot, text, timestamp, type Of } from '../wire/rest/proto-json.ts';
import { PAGE_FIELDS } from '../wire/rest/pages.ts';
import { queryFields } from '../wire/rest/query.ts';

const PACKAGE = 'google.monitoring.v3';

/** All of Google's, so that a name it does not have is refused as such; those served are in `aggregate.ts`. */
const ALIGNERS = {
  ALIGN_NONE: 0,
  ALIGN_DELTA: 1,
  ALIGN_RATE: 2,
  ALIGN_INTERPOLATE: 3,
  ALIGN_NEXT_OLDER: 4,
  ALIGN_MIN: 10,
  ALIGN_MAX: 11,
  ALIGN_MEAN: 12,
  ALIGN_COUNT: 13,
  ALIGN_SUM: 14,
  ALIGN_STDDEV: 15,
  ALIGN_COUNT_TRUE: 16,
  ALIGN_FRACTION_TRUE: 17,
  ALIGN_PERCENTILE_99: 18,
  ALIGN_PERCENTILE_95: 19,
  ALIGN_PERCENTILE_50: 20,
  ALIGN_PERCENTILE_05: 21,
  ALIGN_PERCENT_CHANGE: 23,
  ALIGN_COUNT_FALSE: 24,
};
const REDUCERS = {
  REDUCE_NONE: 0,
  REDUCE_MEAN: 1,
  REDUCE_MIN: 2,
  REDUCE_MAX: 3,
  REDUCE_SUM: 4,
  REDUCE_STDDEV: 5,
  REDUCE_COUNT: 6,
  REDUCE_COUNT_TRUE: 7,
  REDUCE_FRACTION_TRUE: 8,
  REDUCE_PERCENTILE_99: 9,
  REDUCE_PERCENTILE_95: 10,
  REDUCE_PERCENTILE_50: 11,
  REDUCE_PERCENTILE_05: 12,
  REDUCE_COUNT_FALSE: 15,
};

export type Aligner = keyof typeof ALIGNERS;
export type Reducer = keyof typeof REDUCERS;

const listRequest = message(`${PACKAGE}.ListTimeSeriesRequest`, {
  filter: text,
  'interval.startTime': timestamp,
  'interval.endTime': timestamp,
  'aggregation.alignmentPeriod': duration,
  'aggregation.perSeriesAligner': oneOf<Aligner>(`${PACKAGE}.Aggregation.Aligner`, ALIGNERS),
  'aggregation.crossSeriesReducer': oneOf<Reducer>(`${PACKAGE}.Aggregation.Reducer`, REDUCERS),
  view: oneOf(`${PACKAGE}.ListTimeSeriesRequest.TimeSeriesView`, { FULL: 0, HEADERS: 1 }),
  ...PAGE_FIELDS,
});
const GROUP_BY = 'aggregation.groupByFields';
const FIELDS = [
  'filter',
  'interval.startTime',
  'interval.endTime',
  'aggregation.alignmentPeriod',
  'aggregation.perSeriesAligner',
  'aggregation.crossSeriesReducer',
  GROUP_BY,
  'view',
  'pageSize',
  'pageToken',
];

/** ListTimeSeries as it was asked for. Times in milliseconds. */
export interface SeriesRequest {
  readonly filter: string;
  readonly from: number;
  readonly to: number;
  readonly aligner: Aligner;
  /** Absent only without an aligner. */
  readonly periodMs: number | undefined;
  readonly reducer: Reducer;
  readonly groupBy: readonly string[];
  readonly headersOnly: boolean;
  readonly page: Pick<Of<typeof listRequest>, 'pageSize' | 'pageToken'>;
}

/** INVALID_ARGUMENT for a missing or reversed interval, and for aggregations that lack a part. */
export function seriesRequest(query: URLSearchParams): SeriesRequest {
  const { [GROUP_BY]: _, ...fields } = queryFields(query, FIELDS);
  const asked = readRoot(listRequest, fields);
  const end = asked['interval.endTime'];
  if (end === undefined) throw invalid('interval.end_time', 'it must be given');
  const start = asked['interval.startTime'] ?? end;
  if (start > end) throw invalid('interval.start_time', 'the start time must be before the end time');
  const aligner = asked['aggregation.perSeriesAligner'] ?? 'ALIGN_NONE';
  const reducer = asked['aggregation.crossSeriesReducer'] ?? 'REDUCE_NONE';
  const seconds = asked['aggregation.alignmentPeriod'] ?? 0;
  if (aligner !== 'ALIGN_NONE' && seconds < 60)
    throw invalid('aggregation.alignment_period', 'it must be at least 60s');
  if (reducer !== 'REDUCE_NONE' && aligner === 'ALIGN_NONE')
    throw invalid('aggregation.per_series_aligner', 'a cross-series reducer needs an aligner');
  return {
    filter: asked.filter ?? '',
    from: start / 1000,
    to: end / 1000,
    aligner,
    periodMs: aligner === 'ALIGN_NONE' ? undefined : seconds * 1000,
    reducer,
    groupBy: query.getAll(GROUP_BY).concat(query.getAll('aggregation.group_by_fields')),
    headersOnly: asked.view === 'HEADERS',
    page: asked,
  };
}

function invalid(field: string, why: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Field ${field} had an invalid value: ${why}.`);
}
