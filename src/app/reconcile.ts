import type { Care } from '../core/care.ts';
import type { Journal } from '../core/journal.ts';
import { isBeforePromotion } from '../core/rotation.ts';
import { elapsedMs, type Instant } from '../core/time.ts';
import { isItsTurn } from '../core/turns.ts';
import { attempt, Fault } from './fault.ts';
import { gather, type Scope } from './gather.ts';
import { outlookOf, type Outlook } from './outlook.ts';
import { inPool } from './pool.ts';
import type { SecretName } from './ports.ts';
import { drive, purgeLeaked, type RotatePorts } from './rotate.ts';
import { tellUnread } from './tell-unread.ts';
import type { Halt } from './tick.ts';

export interface ReconcileOrder extends Scope {
  readonly care: Care;
  readonly me: string;
  /** Rotations that consumers have not got yet: at this many no further one is begun. */
  readonly rotationsMax: number;
  readonly runEveryMinutes: number;
  /** No new secret is begun after this many seconds. */
  readonly budgetSeconds: number;
}

/** Where a rotation in flight was left, or what was begun; a secret that needed nothing has no line. */
export interface ReconciledSecret {
  readonly secret: SecretName;
  readonly phase: Journal['phase'] | 'unknown';
  readonly did: Halt['did'] | 'failed';
  readonly why?: string | undefined;
  readonly until?: Instant | undefined;
}

/** One run over all secrets. */
export interface Reconciliation {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly secrets: number;
  /** Rotations in flight after the run, those held for a person, those begun, and the age of the oldest. */
  readonly inFlight: number;
  readonly held: number;
  readonly begun: number;
  readonly oldestSeconds: number;
  readonly lines: readonly ReconciledSecret[];
  readonly problems: readonly string[];
}

/**
 * Secret Manager gives a project 600 metadata reads a minute, and a look at a secret at rest takes up to three. Larger
 * fleets are looked at in turns; what is in flight, or dead, is looked at in every run.
 */
const LOOKS_MAX = 150;

/** Takes every rotation in flight as far as it goes now, begins those that are due, and deletes leaked keys that are left. */
export async function reconcile(ports: RotatePorts, order: ReconcileOrder): Promise<Reconciliation> {
  const { care, concurrency } = order;
  const startedAt = ports.clock.now();
  const inTime = () => elapsedMs(startedAt, ports.clock.now()) < order.budgetSeconds * 1000;
  const { found, findings, problems } = await gather(ports.vault, order);
  const all = found.map((one) => outlookOf(one, care, startedAt));
  const seen = all.filter(({ unread }) => unread.length === 0);
  const unread = await inPool(
    all.filter((one) => !seen.includes(one)),
    concurrency,
    inTime,
    async (one): Promise<ReconciledSecret> => ({
      secret: one.secret,
      phase: 'unknown',
      ...(await tellUnread(ports, one)),
    }),
  );
  const flying = seen.filter(({ journal }) => journal?.phase !== 'resting');
  const driven = await inPool(flying, concurrency, inTime, (one) => goOn(ports, order, one));
  const begun = await beginDue(ports, order, seen, inTime);
  const leaks = await inPool(
    seen.filter(({ leaked }) => leaked),
    concurrency,
    inTime,
    ({ secret }) => purgeLeaked(ports, secret, care),
  );
  const lines = [...unread, ...driven, ...begun].filter((line) => line !== undefined);
  const inFlight = lines.filter(({ phase }) => phase !== 'resting');
  return {
    startedAt,
    finishedAt: ports.clock.now(),
    secrets: found.length,
    inFlight: inFlight.length,
    held: inFlight.filter(({ did }) => did === 'held').length,
    begun: begun.filter((line) => line !== undefined).length,
    oldestSeconds: Math.round(Math.max(0, ...flying.map(({ ageMs }) => ageMs)) / 1000),
    lines,
    problems: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...leaks.filter((trouble) => trouble !== undefined).flat(),
      ...lateness(driven, order.budgetSeconds),
    ],
  };
}

function lateness(driven: readonly unknown[], seconds: number): readonly string[] {
  const late = driven.filter((line) => line === undefined).length;
  if (late === 0) return [];
  return [`${late} of ${driven.length} rotations in flight were not reached within ${seconds} s: the next run goes on`];
}

/** What waits for a date or a person is left alone without a call. */
async function goOn(ports: RotatePorts, order: ReconcileOrder, one: Outlook): Promise<ReconciledSecret> {
  const { secret, journal } = one;
  if (one.mayGoOn || journal === undefined || journal.phase === 'resting') return driveOn(ports, order, one);
  const { phase, why, notBefore: until, held } = journal;
  return { secret, phase, did: held ? 'held' : 'wait', why, until };
}

/** Dead keys first; then those whose turn it is, as long as there is room for further rotations. */
async function beginDue(
  ports: RotatePorts,
  order: ReconcileOrder,
  seen: readonly Outlook[],
  inTime: () => boolean,
): Promise<readonly (ReconciledSecret | undefined)[]> {
  const young = seen.filter(({ journal }) => journal !== undefined && isYoung(journal)).length;
  const room = { left: order.rotationsMax - young };
  const resting = seen.filter(({ journal }) => journal?.phase === 'resting');
  const { runEveryMinutes } = order;
  const now = ports.clock.now();
  const inTurn = resting.filter(
    ({ secret, toReplace }) => !toReplace && isItsTurn(secret, resting.length, LOOKS_MAX, runEveryMinutes, now),
  );
  const due = [...resting.filter(({ toReplace }) => toReplace), ...inTurn];
  const mayStart = () => inTime() && room.left > 0;
  return inPool(due, Math.min(order.concurrency, Math.max(1, room.left)), mayStart, async (one) => {
    room.left -= 1;
    const line = await driveOn(ports, order, one);
    if (line.phase !== 'resting' || line.did === 'failed') return line;
    room.left += 1;
    return undefined;
  });
}

function isYoung(journal: Journal): boolean {
  return isBeforePromotion(journal.phase) && !('held' in journal && journal.held);
}

async function driveOn(
  ports: RotatePorts,
  { care, me }: ReconcileOrder,
  { secret, project }: Outlook,
): Promise<ReconciledSecret> {
  const step = await attempt(() => drive(ports, { secret, project, me, care }, () => undefined));
  if (step instanceof Fault) return { secret, phase: 'unknown', did: 'failed', why: step.message };
  const { did, why, journal } = step;
  return { secret, phase: journal?.phase ?? 'unknown', did, why, until: did === 'wait' ? step.until : undefined };
}
