import { reportedOf, reportedOfNobody, type Holder, type Reported } from '../../core/alerts/leak-notice.ts';
import type { LeakReport } from '../../core/alerts/leak-report.ts';
import type { LeakReported } from '../../core/alerts/notice.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { findKeys, type KeysFound } from '../listing/find-keys.ts';
import type { Announcer, Clock, SecretScope, Vault } from '../ports/ports.ts';

interface HearLeakPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
}

interface HearLeakOrder {
  readonly scopes: readonly SecretScope[];
  readonly concurrency: number;
  /** What the report is told apart by. */
  readonly report: string;
}

/** How many keys a report held, and how many secrets under care hold one of them. */
export interface LeakHeard {
  readonly keys: number;
  readonly holders: number;
}

/**
 * Announces a report of a leak, to everybody whose secret holds the key, or to all where nobody's does. Keys are compared in memory, and
 * nothing is written. The same report announces the same events. Rejects with `Fault`, for whoever reports it to do so again.
 */
export async function hearLeak(ports: HearLeakPorts, order: HearLeakOrder, heard: LeakReport): Promise<LeakHeard> {
  const told = { source: heard.source, report: order.report, where: heard.where };
  const notices =
    heard.keys.length === 0 ? [reportedOfNobody(told, undefined)] : await holdersTold(ports, order, heard, told);
  for (const notice of notices) await ports.announcer.announce(notice);
  return { keys: heard.keys.length, holders: notices.filter((one) => 'secret' in one).length };
}

async function holdersTold(
  { vault, clock }: HearLeakPorts,
  { scopes, concurrency }: HearLeakOrder,
  { keys }: LeakReport,
  told: Reported,
): Promise<readonly LeakReported[]> {
  const notices: LeakReported[] = [];
  const looked = { secrets: 0, versions: 0, disabled: 0, notLooked: 0 };
  // Project by project: commands name it as people do, and Secret Manager's own names do not.
  for (const [project, own] of Map.groupBy(scopes, (scope) => scope.project)) {
    const order = { scopes: own, concurrency, keys, managedOnly: true };
    const found = await findKeys({ vault, clock }, order, () => undefined);
    notices.push(...holdersIn(found, project, keys).map((holder) => reportedOf(told, holder)));
    looked.secrets += found.secrets;
    looked.versions += found.versions;
    looked.disabled += found.disabled;
    looked.notLooked += found.notLooked.length;
  }
  return notices.length > 0 ? notices : [reportedOfNobody(told, looked)];
}

/** One for each secret, about the version that consumers read: what replaces that is the first thing to do. */
function holdersIn({ places }: KeysFound, project: string, keys: readonly KeyText[]): readonly Holder[] {
  const kindAt = keys.map(({ kind }) => kind);
  const held = places.flatMap((own, at) =>
    own.map(({ secret, version, readAs }): Holder => ({ secret, project, version, readAs, keyKind: kindAt[at] })),
  );
  const isRead = ({ readAs }: Holder): boolean => readAs.length > 0;
  const [read, unread] = [held.filter(isRead), held.filter((one) => !isRead(one))];
  return [...new Map([...unread, ...read].map((one) => [one.secret, one])).values()];
}
