import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Meter } from '../../app/ports/ports.ts';
import type { Usage } from '../../core/rotation/rhythm.ts';
import { HOUR_MS, MINUTE_MS, instantOf, type Instant } from '../../core/values/time.ts';
import type { Asked } from '../google/errors.ts';
import { requestCounts, UID, type CountQuery, type MeterOptions } from './series.ts';

/** A point is some 200 bytes, so a page is about a megabyte. */
const PAGE_SIZE = 5_000;

/**
 * Counts requests per key with Cloud Monitoring. Only a number that every page agreed to count is known: "unknown is
 * never zero". Throws `invalid` at once for a URL that cannot be used.
 */
export function cloudMonitoringMeter(options: MeterOptions): Meter & { close(): Promise<void> } {
  const counts = requestCounts(options);

  const count = async (project: string, uid: string, from: Instant, until: Instant): Promise<Usage> => {
    const used = new Map<Instant, number>();
    let seenSince: Instant | undefined;
    for await (const { isUse, hours } of counts.of(project, queryOf(uid, from, until), askedOf(project, uid))) {
      for (const { endsAt, requests } of hours) {
        seenSince = seenSince === undefined || endsAt < seenSince ? endsAt : seenSince;
        if (isUse) used.set(endsAt, (used.get(endsAt) ?? 0) + requests);
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
    close: () => counts.close(),
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
 * One count per method and hour. Points are minutes, so the window ends at a whole one: a request at its edge is rather
 * counted than missed.
 */
function queryOf(uid: string, from: Instant, until: Instant): CountQuery {
  const end = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  const start = end - Math.ceil((end - from) / HOUR_MS) * HOUR_MS;
  return {
    filter: `resource.labels.credential_id = "apikey:${uid}"`,
    start: instantOf(start),
    end: instantOf(end),
    groupBy: ['resource.labels.method'],
    pageSize: PAGE_SIZE,
  };
}
