import type { LeakEmergency } from '../../core/alerts/leak-emergency.ts';
import {
  REPORTERS,
  reportedOf,
  reportedOfNobody,
  reportedRetired,
  type Holder,
  type LookedAt,
  type Reported,
  type RetiredBy,
} from '../../core/alerts/leak-notice.ts';
import type { LeakReport } from '../../core/alerts/leak-report.ts';
import type { LeakReported } from '../../core/alerts/notices/leak-notices.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { findKeys, type FindOrder, type KeysFound } from '../listing/find-keys.ts';
import type { DeployedFunctions } from '../ports/deployed-functions.ts';
import type { Announcer, Clock, Vault } from '../ports/ports.ts';
import { beginEmergencies, type EmergencyOrder } from './begin-emergencies.ts';

interface HearLeakPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
  /** Where the worker is asked for emergencies. */
  readonly functions?: DeployedFunctions | undefined;
}

interface HearLeakOrder
  extends
    Pick<EmergencyOrder, 'emergencies' | 'budgetSeconds'>,
    Pick<FindOrder, 'scopes' | 'concurrency' | 'secretPolicy' | 'tombstoneOf'> {
  /** What the report is told apart by. */
  readonly report: string;
}

/** How many keys a report held, how many secrets under care hold one of them, and what became of the emergencies. */
export interface LeakHeard {
  readonly keys: number;
  readonly holders: number;
  /** Emergencies by what became of them. */
  readonly emergencies: Readonly<Partial<Record<LeakEmergency['is'], number>>>;
}

/**
 * Announces a report of a leak, to everybody whose secret holds the key, or to all where nobody's does; before that it asks the worker for
 * emergencies, where the settings let a report begin any. Keys are compared in memory, and nothing is written here. The same report announces
 * the same events. Rejects with `Fault`, for whoever reports it to do so again.
 */
export async function hearLeak(ports: HearLeakPorts, order: HearLeakOrder, heard: LeakReport): Promise<LeakHeard> {
  const { report, emergencies, budgetSeconds } = order;
  const { source, keys, where } = heard;
  const told = { source, report, where };
  const since = ports.clock.now();
  const { holders, retired, looked } = keys.length === 0 ? NOBODY : await holdersOf(ports, order, keys);
  const reason = `reported as leaked by ${REPORTERS[source]} (${report})`;
  const asked = await beginEmergencies(ports, { emergencies, budgetSeconds, since, reason }, holders);
  for (const notice of noticesOf(told, { holders, retired, looked }, asked)) await ports.announcer.announce(notice);
  const ends = Map.groupBy(asked.values(), ({ is }) => is);
  return {
    keys: keys.length,
    holders: holders.length,
    emergencies: Object.fromEntries([...ends].map(([is, { length }]) => [is, length])),
  };
}

const NOBODY: Whose = { holders: [], retired: [], looked: undefined };

/** Whose the keys of a report are, and how far that was looked for. */
interface Whose {
  readonly holders: readonly Holder[];
  readonly retired: readonly RetiredBy[];
  readonly looked: LookedAt | undefined;
}

function noticesOf(
  told: Reported,
  { holders, retired, looked }: Whose,
  asked: ReadonlyMap<string, LeakEmergency>,
): readonly LeakReported[] {
  const known = [
    ...holders.map((holder) => reportedOf(told, holder, asked.get(holder.secret))),
    ...retired.map((by) => reportedRetired(told, by)),
  ];
  return known.length === 0 ? [reportedOfNobody(told, looked)] : known;
}

async function holdersOf(
  { vault, clock }: HearLeakPorts,
  { scopes, concurrency, secretPolicy, tombstoneOf }: HearLeakOrder,
  keys: readonly KeyText[],
): Promise<Whose> {
  const holders: Holder[] = [];
  const retired: RetiredBy[] = [];
  const looked = { secrets: 0, versions: 0, disabled: 0, notLooked: 0 };
  // Project by project: commands name it as people do, and Secret Manager's own names do not.
  for (const [project, own] of Map.groupBy(scopes, (scope) => scope.project)) {
    const order = { scopes: own, concurrency, keys, secretPolicy, tombstoneOf, managedOnly: true };
    const found = await findKeys({ vault, clock }, order, () => undefined);
    const held = holdersIn(found, project, keys);
    holders.push(...held);
    retired.push(...retiredIn(found, project, held));
    looked.secrets += found.secrets;
    looked.versions += found.versions;
    looked.disabled += found.disabled;
    looked.notLooked += found.notLooked.length;
  }
  return { holders, retired, looked };
}

/** One for each secret, about the version that consumers read, as `current` if it may be: what replaces that is the first thing to do. */
function holdersIn({ places }: KeysFound, project: string, keys: readonly KeyText[]): readonly Holder[] {
  const kindAt = keys.map(({ kind }) => kind);
  const held = places.flatMap((own, at) => own.map((place): Holder => ({ ...place, project, keyKind: kindAt[at] })));
  const rank = ({ readAs, isReplaced }: Holder): number =>
    (readAs.includes('current') ? 4 : 0) + (readAs.length > 0 ? 2 : 0) + Number(isReplaced);
  const ranked = held.toSorted((one, other) => rank(one) - rank(other));
  return [...new Map(ranked.map((one) => [one.secret, one])).values()];
}

/** One for each secret that holds none of the keys. */
function retiredIn({ retired }: KeysFound, project: string, held: readonly Holder[]): readonly RetiredBy[] {
  const apart = retired.flat().filter(({ secret }) => held.every((one) => one.secret !== secret));
  return [...new Map(apart.map((one) => [one.secret, { ...one, project }])).values()];
}
