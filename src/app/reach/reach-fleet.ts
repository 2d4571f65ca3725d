import { moveOf } from '../../core/rotation/move-of-current.ts';
import { secretWarnings } from '../../core/alerts/secret-warning.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { gather, type Found, type Scope } from '../listing/gather.ts';
import { budgetOf, paceOf } from '../listing/pace.ts';
import { inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, Leaving, Vault } from '../ports/ports.ts';
import { reachSecret, type SecretReached } from './reach-secret.ts';
import { movedIn, type Reaching } from './following.ts';

export interface ReachFleetPorts {
  readonly vault: Vault;
  readonly reach: Reaching;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly leaving?: Leaving | undefined;
}

export interface ReachFleetOrder extends Scope {
  readonly secretPolicy: SecretPolicy;
  readonly dryRun: boolean;
  /** Tries those once more whose new revision did not come up. */
  readonly again: boolean;
  readonly budgetSeconds: number;
}

/** One run over any number of secrets. */
export interface ReachRun {
  readonly dryRun: boolean;
  /** Secrets looked at; `reached` has those with a move to follow. */
  readonly secrets: number;
  readonly reached: readonly SecretReached[];
  readonly problems: readonly string[];
}

/** Changes of consumers in a minute: Cloud Run says no limit, and each of them starts instances. */
const CHANGES_A_MINUTE = 60;
/** Looks at secrets in a minute, of the 600 reads that Secret Manager gives a project: rotations go on beside it. */
const LOOKS_A_MINUTE = 200;

/** Brings the last moves of `current` to their consumers. One broken secret stops no other. */
export async function reachFleet(given: ReachFleetPorts, order: ReachFleetOrder): Promise<ReachRun> {
  const { secretPolicy, concurrency, dryRun, again } = order;
  const inTime = budgetOf(given, order.budgetSeconds);
  const { found, findings, problems } = await gather(given.vault, order);
  const moved = found.filter(({ sighting }) => {
    const known = movedIn(sighting);
    return known !== undefined && moveOf(known, given.clock.now()) !== undefined;
  });
  const { vault, clock, reach } = given;
  // Asked for by whoever needs it first, who hears of its trouble: before that, a rejection would end the whole worker.
  let rolled: ReturnType<typeof reach.roll> | undefined;
  const roll = () => (rolled ??= reach.roll(moved.map(({ sighting }) => sighting.name)));
  const paced = paceOf(clock, LOOKS_A_MINUTE);
  const look: Vault['look'] = async (secret) => {
    await paced();
    return vault.look(secret);
  };
  const ports = { ...reach, vault: { ...vault, look }, clock, roll, pace: paceOf(clock, CHANGES_A_MINUTE) };
  const lines = await inPool(moved, concurrency, inTime, (one) =>
    attempt(() =>
      reachSecret(
        { ...ports, tell: (why) => tellKept(given, one, why) },
        {
          secret: one.sighting.name,
          listed: one.sighting,
          secretPolicy,
          project: one.project,
          dryRun,
          again,
          inTime,
        },
      ),
    ),
  );
  const reached = lines.flatMap((line) => (line === undefined || line instanceof Fault ? [] : [line]));
  return {
    dryRun,
    secrets: found.length,
    reached,
    problems: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...lines.flatMap((line) => (line instanceof Fault ? [line.message] : [])),
      ...new Set(reached.flatMap(({ notLooked }) => notLooked)),
    ],
  };
}

/** Nothing is remembered of it: the day is in its id, so that what lasts is told once a day. */
async function tellKept(
  { announcer, clock }: Pick<ReachFleetPorts, 'announcer' | 'clock'>,
  { sighting: { name: secret }, project }: Found,
  why: string,
): Promise<void> {
  const risk = { because: 'consumers_kept', why } as const;
  for (const warning of secretWarnings(project, [{ secret, risk }], clock.now())) await announcer.announce(warning);
}
