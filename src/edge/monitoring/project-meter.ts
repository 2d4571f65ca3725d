import { attempt, Fault } from '../../app/ports/fault.ts';
import type { CountedKey, ProjectMeter, ProjectUsage } from '../../app/ports/project-meter.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Asked } from '../google/errors.ts';
import { requestCounts, UID, type CountQuery, type MeterOptions } from './series.ts';

/** A point is some 300 bytes here, so a page is about three megabytes. */
const PAGE_SIZE = 10_000;
const CREDENTIAL = 'apikey:';

/** Counts the requests of all keys of a project at once. Throws `invalid` at once for a URL that cannot be used. */
export function cloudProjectMeter(options: MeterOptions): ProjectMeter & { close(): Promise<void> } {
  const counts = requestCounts(options);

  const count = async (project: string, query: CountQuery): Promise<ProjectUsage> => {
    const counted = new Set<Instant>();
    const keys = new Map<string, Counting>();
    for await (const { credential, isUse, hours, method } of counts.of(project, query, askedOf(project))) {
      for (const { endsAt } of hours) counted.add(endsAt);
      const uid = credential.startsWith(CREDENTIAL) ? credential.slice(CREDENTIAL.length) : '';
      if (!UID.test(uid)) continue;
      const key: Counting = keys.get(uid) ?? { used: new Map(), methods: new Map(), seenSince: query.end };
      keys.set(uid, key);
      for (const { endsAt, requests } of hours) {
        if (endsAt < key.seenSince) key.seenSince = endsAt;
        if (!isUse || requests === 0) continue;
        key.used.set(endsAt, (key.used.get(endsAt) ?? 0) + requests);
        if (endsAt === query.end) key.methods.set(method, requests);
      }
    }
    return { known: true, counted, keys: new Map([...keys].map(([uid, key]) => [uid, countedKey(key)])) };
  };

  return {
    async useByKey(project, { from, until, uids }) {
      const known = uids?.filter((uid) => UID.test(uid));
      if (known?.length === 0) return { known: true, counted: new Set(), keys: new Map() };
      const filter = known === undefined ? undefined : oneOf(known);
      const query = { filter, start: from, end: until, groupBy: GROUP_BY, pageSize: PAGE_SIZE };
      const counted = await attempt(() => count(project, query));
      return counted instanceof Fault ? { known: false, why: counted.message } : counted;
    },
    close: () => counts.close(),
  };
}

function oneOf(uids: readonly string[]): string {
  return `resource.labels.credential_id = one_of(${uids.map((uid) => `"${CREDENTIAL}${uid}"`).join(', ')})`;
}

const GROUP_BY = ['resource.labels.credential_id', 'resource.labels.method'];

interface Counting {
  readonly used: Map<Instant, number>;
  readonly methods: Map<string, number>;
  seenSince: Instant;
}

function countedKey({ used, methods, seenSince }: Counting): CountedKey {
  const hours = [...used].map(([endsAt, requests]) => ({ endsAt, requests })).toSorted((a, b) => a.endsAt - b.endsAt);
  const lastMethods = [...methods].toSorted(([, one], [, other]) => other - one).map(([method]) => method);
  return { hours, seenSince, lastMethods };
}

function askedOf(project: string): Asked {
  return {
    doing: `count the requests of the keys of project ${project}`,
    permission: 'monitoring.timeSeries.list',
    role: 'roles/monitoring.viewer',
  };
}
