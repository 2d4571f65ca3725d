import type { GeminiKey, IssuedKind } from './keyring.ts';

const MINUTE_MS = 60_000;

type MeteredKey = Pick<GeminiKey, 'uid' | 'project' | 'kind'>;

/** Which key did what: the labels that tell one time series of request_count from another. */
export interface SeriesLabels {
  /** Project number. */
  readonly project: string;
  readonly uid: string;
  readonly kind: IssuedKind;
  /** Full RPC name. */
  readonly method: string;
}

/** Requests in one minute, `endsAt` excluded. Milliseconds since the epoch. */
export interface MinuteCount {
  readonly endsAt: number;
  readonly count: number;
}

export interface Series {
  readonly labels: SeriesLabels;
  /** Oldest first; only minutes with traffic. */
  readonly minutes: readonly MinuteCount[];
}

/** Counts what each key is used for, per minute. Monitoring shows it, and the issuer's usage check asks it. */
export interface Meter {
  use(key: MeteredKey, method: string, at: number): void;
  /** From `at` on, consumers use the key steadily; 0 ends it. Counted when asked for, not as time passes. */
  traffic(key: MeteredKey, perMinute: number, at: number): void;
  /** Everything in minutes that end after `from` and not after `to`. */
  between(from: number, to: number): readonly Series[];
  usedSince(uid: string, from: number, now: number): boolean;
}

interface Counted {
  readonly labels: SeriesLabels;
  readonly minutes: Map<number, number>;
}

interface Load {
  readonly labels: SeriesLabels;
  readonly perMinute: number;
  readonly from: number;
  until: number;
}

const STEADY_METHOD = 'google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent';

/** A meter that has counted nothing. */
export function usageMeter(): Meter {
  const counted = new Map<string, Counted>();
  const loads: Load[] = [];

  return {
    use({ uid, project, kind }, method, at) {
      const labels = { project, uid, kind, method };
      const series = counted.get(`${uid} ${method}`) ?? { labels, minutes: new Map<number, number>() };
      const endsAt = endOfMinute(at);
      series.minutes.set(endsAt, (series.minutes.get(endsAt) ?? 0) + 1);
      counted.set(`${uid} ${method}`, series);
    },
    traffic({ uid, project, kind }, perMinute, at) {
      for (const load of loads) if (load.labels.uid === uid) load.until = Math.min(load.until, at);
      if (perMinute === 0) return;
      loads.push({ labels: { project, uid, kind, method: STEADY_METHOD }, perMinute, from: at, until: Infinity });
    },
    between(from, to) {
      const all = [...counted.values()].map(({ labels, minutes }) => ({
        labels,
        minutes: [...minutes].map(([endsAt, count]) => ({ endsAt, count })),
      }));
      const steady = loads.map((load) => ({ labels: load.labels, minutes: minutesOf(load, from, to) }));
      return merged([...all, ...steady], from, to);
    },
    usedSince(uid, from, now) {
      return this.between(from, endOfMinute(now)).some(({ labels }) => labels.uid === uid);
    },
  };
}

function endOfMinute(at: number): number {
  return (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
}

function minutesOf(load: Load, from: number, to: number): readonly MinuteCount[] {
  const minutes: MinuteCount[] = [];
  const last = Math.min(to, load.until);
  for (let endsAt = endOfMinute(Math.max(from, load.from)); endsAt <= last; endsAt += MINUTE_MS) {
    minutes.push({ endsAt, count: load.perMinute });
  }
  return minutes;
}

/** One series per set of labels, its minutes added up and in order, cut to the window; empty ones left out. */
function merged(series: readonly Series[], from: number, to: number): readonly Series[] {
  const groups = Map.groupBy(series, ({ labels }) => `${labels.uid} ${labels.method}`);
  return [...groups.values()].flatMap((group) => {
    const sums = new Map<number, number>();
    for (const { endsAt, count } of group.flatMap(({ minutes }) => minutes)) {
      if (endsAt > from && endsAt <= to) sums.set(endsAt, (sums.get(endsAt) ?? 0) + count);
    }
    const minutes = [...sums].map(([endsAt, count]) => ({ endsAt, count })).sort((a, b) => a.endsAt - b.endsAt);
    const labels = group[0]?.labels;
    return labels === undefined || minutes.length === 0 ? [] : [{ labels, minutes }];
  });
}
