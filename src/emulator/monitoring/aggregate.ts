import { ApiError } from '../wire/api-error.ts';
import type { MinuteCount } from '../world/meter.ts';
import type { Aligner, Reducer, SeriesRequest } from './request.ts';

const MINUTE_MS = 60_000;

/** One point. Milliseconds since the epoch. */
export interface Point {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly value: number;
}

/** One time series: its labels, flattened as a filter names them, and its points, newest first. */
export interface LabelledSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

type Combine = (values: readonly number[]) => number;

const sum: Combine = (values) => values.reduce((total, value) => total + value, 0);
const mean: Combine = (values) => sum(values) / values.length;
const least: Combine = (values) => values.reduce((one, other) => Math.min(one, other));
const most: Combine = (values) => values.reduce((one, other) => Math.max(one, other));
const count: Combine = (values) => values.length;

const BY_ALIGNER: ReadonlyMap<Aligner, Combine> = new Map([
  ['ALIGN_SUM', sum],
  ['ALIGN_DELTA', sum],
  ['ALIGN_RATE', sum],
  ['ALIGN_MEAN', mean],
  ['ALIGN_MIN', least],
  ['ALIGN_MAX', most],
  ['ALIGN_COUNT', count],
]);
const BY_REDUCER: ReadonlyMap<Reducer, Combine> = new Map([
  ['REDUCE_SUM', sum],
  ['REDUCE_MEAN', mean],
  ['REDUCE_MIN', least],
  ['REDUCE_MAX', most],
  ['REDUCE_COUNT', count],
]);

/** Throws UNIMPLEMENTED for an aligner or a reducer of Google's that is not served here. */
export function requireServed({ aligner, reducer }: SeriesRequest): void {
  if (aligner !== 'ALIGN_NONE') served(BY_ALIGNER, aligner);
  if (reducer !== 'REDUCE_NONE') served(BY_REDUCER, reducer);
}

/** How the answer writes values: rates and means are doubles, whatever else is counted stays a whole number. */
export function isDouble({ aligner, reducer }: SeriesRequest): boolean {
  return aligner === 'ALIGN_RATE' || aligner === 'ALIGN_MEAN' || reducer === 'REDUCE_MEAN';
}

/** Puts minutes into windows that are counted back from the end of the interval; empty windows have no point. */
export function aligned(minutes: readonly MinuteCount[], asked: SeriesRequest): readonly Point[] {
  const { aligner, periodMs, to } = asked;
  const combine = aligner === 'ALIGN_NONE' ? sum : served(BY_ALIGNER, aligner);
  const windowMs = periodMs ?? MINUTE_MS;
  const perSecond = aligner === 'ALIGN_RATE' ? windowMs / 1000 : 1;
  const endOf = ({ endsAt }: MinuteCount): number =>
    periodMs === undefined ? endsAt : to - Math.floor((to - endsAt) / periodMs) * periodMs;
  return [...Map.groupBy(minutes, endOf)]
    .map(([endsAt, group]) => ({
      startsAt: endsAt - windowMs,
      endsAt,
      value: combine(group.map((minute) => minute.count)) / perSecond,
    }))
    .sort((one, other) => other.endsAt - one.endsAt);
}

/** Makes one series of all that agree in the grouped fields; `kept` labels stay in every case. */
export function reduced(
  series: readonly LabelledSeries[],
  { reducer, groupBy }: SeriesRequest,
  kept: readonly string[],
): readonly LabelledSeries[] {
  if (reducer === 'REDUCE_NONE') return series;
  const combine = served(BY_REDUCER, reducer);
  const stays = new Set([...kept, ...groupBy.map((field) => field.replace('.label.', '.labels.'))]);
  const labelsOf = ({ labels }: LabelledSeries) =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => stays.has(name)));
  return [...Map.groupBy(series, (one) => JSON.stringify(labelsOf(one))).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const windows = Map.groupBy(
      group.flatMap(({ points }) => points),
      ({ endsAt }) => endsAt,
    );
    const points = [...windows].map(([endsAt, same]) => ({
      startsAt: same[0]?.startsAt ?? endsAt,
      endsAt,
      value: combine(same.map(({ value }) => value)),
    }));
    return [{ labels: labelsOf(first), points: points.sort((one, other) => other.endsAt - one.endsAt) }];
  });
}

function served<Name extends string>(table: ReadonlyMap<Name, Combine>, name: Name): Combine {
  const combine = table.get(name);
  if (combine !== undefined) return combine;
  throw new ApiError('UNIMPLEMENTED', `The pretend cloud has no ${name}; it has ${[...table.keys()].join(', ')}.`);
}
