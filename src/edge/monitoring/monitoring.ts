import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Meter } from '../../app/ports/ports.ts';
import type { Usage, UsedHour } from '../../core/rotation/rhythm.ts';
import { isRecord } from '../../core/values/json.ts';
import { HOUR_MS, MINUTE_MS, instantOf, isoOf, parseInstant, type Instant } from '../../core/values/time.ts';
import type { Asked } from '../google/errors.ts';
import { googleRest, listIn, nextPageIn, type RestAdapterOptions } from '../google/rest.ts';
import { projectAt } from '../google/key-names.ts';
import { boundedPages } from '../google/pages.ts';
import { repeatedly, type RetryPlan } from '../google/retry.ts';

/** How to reach Cloud Monitoring and how patient to be; without `url`, Google itself. */
export interface MeterOptions extends RestAdapterOptions {
  readonly url?: string | undefined;
  readonly retries?: RetryPlan | undefined;
}

const RETRIES: RetryPlan = { attemptsMax: 4, waitMs: 500, waitMsMax: 8_000 };
/** A point is some 200 bytes, so a page is about a megabyte. */
const PAGE_SIZE = 5_000;

/** Says that a key is known and not that anybody works with it: the check itself lists models in every run. */
const LISTING = /^google\.ai\.generativelanguage\.\w+\.ModelService\.ListModels$/;

/** A uid is a UUID. Nothing else gets into a URL, least of all a key. */
const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Counts requests per key with Cloud Monitoring. Only a number that every page agreed to count is known: "unknown is
 * never zero". Throws `invalid` at once for a URL that cannot be used.
 */
export function cloudMonitoringMeter(options: MeterOptions): Meter & { close(): Promise<void> } {
  const { url = 'https://monitoring.googleapis.com', clock, random, authClient, callMs } = options;
  const rest = googleRest({ title: 'Cloud Monitoring', url, authClient, callMs });
  const patience = { clock, random, plan: options.retries ?? RETRIES };

  const count = async (project: string, uid: string, from: Instant, until: Instant): Promise<Usage> => {
    const path = `/v3/${projectAt(project)}/timeSeries`;
    const asked = askedOf(project, uid);
    const pages = boundedPages(async (pageToken) => {
      const query = { ...queryOf(uid, from, until), pageToken };
      const page = await repeatedly(patience, () => rest.ask({ method: 'GET', path, query, project }, asked));
      if (listIn(page, 'executionErrors', asked).length > 0) throw incomplete();
      return { items: listIn(page, 'timeSeries', asked), next: nextPageIn(page) };
    });
    const used = new Map<Instant, number>();
    let seenSince: Instant | undefined;
    for await (const page of pages) {
      for (const one of page) {
        const isUse = !LISTING.test(methodOf(one));
        for (const { endsAt, requests } of hoursIn(one)) {
          seenSince = seenSince === undefined || endsAt < seenSince ? endsAt : seenSince;
          if (isUse) used.set(endsAt, (used.get(endsAt) ?? 0) + requests);
        }
      }
    }
    const hours = [...used]
      .filter(([, requests]) => requests > 0)
      .map(([endsAt, requests]) => ({ endsAt, requests }))
      .toSorted((a, b) => a.endsAt - b.endsAt);
    return { known: true, hours, seenSince };
  };

  return {
    async usage(project, uid, from, until) {
      if (until <= from) return { known: false, why: 'the window is empty' };
      if (!UID.test(uid)) return { known: false, why: 'that is not the uid of a key' };
      const counted = await attempt(() => count(project, uid, from, until));
      return counted instanceof Fault ? { known: false, why: counted.message } : counted;
    },
    close: () => rest.close(),
  };
}

function askedOf(project: string, uid: string): Asked {
  return {
    doing: `count the requests of the key with uid ${uid} in project ${project}`,
    permission: 'monitoring.timeSeries.list',
    role: 'roles/monitoring.viewer',
  };
}

/**
 * One count per method and hour, of every API: a standard key may be good for others than Gemini. Points are minutes, so the
 * window ends at a whole one: a request at its edge is rather counted than missed. The uid stands in a label of the *resource*
 * (measured on production).
 */
function queryOf(uid: string, from: Instant, until: Instant): Readonly<Record<string, string>> {
  const end = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  const start = end - Math.ceil((end - from) / HOUR_MS) * HOUR_MS;
  return {
    filter:
      'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api" ' +
      `AND resource.labels.credential_id = "apikey:${uid}"`,
    'interval.startTime': isoOf(instantOf(start)),
    'interval.endTime': isoOf(instantOf(end)),
    'aggregation.alignmentPeriod': '3600s',
    'aggregation.perSeriesAligner': 'ALIGN_SUM',
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    'aggregation.groupByFields': 'resource.labels.method',
    view: 'FULL',
    pageSize: String(PAGE_SIZE),
  };
}

/** Empty where a series does not say: then it counts as use. */
function methodOf(series: unknown): string {
  const resource = isRecord(series) ? series['resource'] : undefined;
  const labels = isRecord(resource) ? resource['labels'] : undefined;
  const method = isRecord(labels) ? labels['method'] : undefined;
  return typeof method === 'string' ? method : '';
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
