import { withMark } from '../../core/consumers/mark.ts';
import type { Progress } from '../../core/consumers/progress.ts';
import { nextWave, reasonsText } from '../../core/consumers/wave.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { inPool } from '../listing/pool.ts';
import { attempt, Fault, type FaultCode } from '../ports/fault.ts';
import type { SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import type { Reviser, Revision } from '../ports/reviser.ts';
import { followingIn, type Follower, type FollowingPorts, type Following } from './following.ts';

export interface ReachPorts extends FollowingPorts {
  readonly vault: Vault;
  readonly reviser: Reviser;
  /** Tells in a sentence of consumers that keep another key than `current` names, before that is marked on them. */
  readonly tell: (why: string) => Promise<void>;
  /** Waits for its turn: so many changes a minute. */
  readonly pace: () => Promise<void>;
}

export interface ReachOrder {
  readonly secret: SecretName;
  /** As a list showed it: where that leaves nothing to do, the secret itself is not looked at. */
  readonly listed?: SecretSighting | undefined;
  readonly secretPolicy: SecretPolicy;
  /** The secret's project, as it was asked for. */
  readonly project: string;
  readonly dryRun: boolean;
  /** Tries those once more whose new revision did not come up. */
  readonly again: boolean;
  /** Whether there is time to begin with one more. */
  readonly inTime: () => boolean;
}

/** How one consumer stands when a run leaves it. */
export interface ConsumerReached {
  readonly consumer: string;
  readonly is: Progress['is'] | 'left';
  readonly why?: string | undefined;
}

/** What became of one secret; without `to` there was no move to follow. */
export interface SecretReached {
  readonly secret: SecretName;
  readonly to?: number | undefined;
  readonly consumers: readonly ConsumerReached[];
  readonly notLooked: readonly string[];
  /** New revisions that this run asked for. */
  readonly revised: number;
}

const ROUND_MS = 10_000;

/**
 * Brings the last move of a secret's `current` to its consumers, wave after wave, until all have it, or time is up. It goes by what the
 * consumers say and remembers nothing, so that any run goes on where another stopped: two of them at work ask for the same revisions, and
 * the etag lets one of them through. Rejects with `Fault` where the secret, or all of the consumers, cannot be looked at.
 */
export async function reachSecret(ports: ReachPorts, order: ReachOrder): Promise<SecretReached> {
  const barred = new Map<string, string>();
  let { again, listed } = order;
  let revised = 0;
  for (;;) {
    const sighting = listed ?? (await ports.vault.look(order.secret));
    const { name: secret } = sighting;
    const { policy, following: found } = await followingIn(ports, sighting, order);
    if (found === undefined) return { secret, consumers: [], notLooked: [], revised };
    const following = withoutBarred(found, barred);
    const known = again ? following.followers.map(retried) : following.followers;
    const failed = following.followers.filter(({ progress }) => progress.is === 'failed');
    const isHidden = following.hidden.length > 0;
    const wave = isHidden ? [] : nextWave(known, policy);
    const isWaiting = isHidden || following.followers.some(({ progress }) => progress.is === 'underway');
    const isOver = wave.length === 0 && failed.length === 0 && !isWaiting;
    if (order.dryRun || isOver || !order.inTime()) {
      const kept = keptOf(following);
      if (!order.dryRun && kept.length > 0) await ports.tell(keptText(kept, following));
      return reportOf(following, secret, revised);
    }
    if (listed !== undefined) {
      // Nothing is changed on the word of a list, which may be minutes old.
      listed = undefined;
      continue;
    }
    if (failed.length > 0) await ports.tell(keptText(keptOf({ followers: failed, left: [] }), following));
    const changes = [
      ...failed.map((follower) => ({ follower, revision: backFrom(follower, following) })),
      ...wave.map((follower) => ({ follower, revision: onTo(follower, following) })),
    ];
    const answers = await inPool(changes, policy.reachWaveMax, order.inTime, async ({ follower, revision }) => {
      await ports.pace();
      return attempt(() => ports.reviser.revise(follower.seen, revision));
    });
    for (const [at, { follower }] of changes.entries()) {
      const answer = answers[at];
      if (!(answer instanceof Fault)) revised += 1;
      else if (BARRING.includes(answer.code)) barred.set(follower.name, answer.message);
    }
    again = false;
    await ports.clock.sleep(ROUND_MS);
  }
}

/** What no further look changes: the next run asks again. */
const BARRING: readonly FaultCode[] = ['denied', 'switched_off', 'unauthenticated', 'invalid', 'wrong_state'];

function withoutBarred(following: Following, barred: ReadonlyMap<string, string>): Following {
  const { followers, left } = following;
  const refused = followers.flatMap(({ name }) => {
    const why = barred.get(name);
    return why === undefined ? [] : [{ name, why }];
  });
  return { ...following, followers: followers.filter(({ name }) => !barred.has(name)), left: [...left, ...refused] };
}

function retried(follower: Follower): Follower {
  return follower.progress.is === 'undone' ? { ...follower, progress: { is: 'due' } } : follower;
}

function onTo({ seen }: Follower, { move, isMeant }: Following): Revision {
  return {
    reached: withMark(seen.reached, move.secret, move.mark),
    undone: withMark(seen.undone, move.secret, undefined),
    pins: pinsOf(isMeant, move.other, move.to),
  };
}

/** The template as it was: what it said of this secret before was true of instances that may be gone. */
function backFrom({ seen }: Follower, { move, isMeant }: Following): Revision {
  return {
    reached: withMark(seen.reached, move.secret, undefined),
    undone: withMark(seen.undone, move.secret, move.mark),
    pins: pinsOf(isMeant, move.to, move.other),
  };
}

/** Who names a version by its number is only among those that are brought along where the policy moves numbers. */
function pinsOf(isMeant: Following['isMeant'], from: number, to: number): Revision['pins'] {
  return { isMeant: (read) => isMeant(read) && read.version === String(from), to: String(to) };
}

function keptOf({ followers, left }: Pick<Following, 'followers' | 'left'>) {
  return [
    ...followers.flatMap(({ name, progress }) => ('why' in progress ? [{ name, why: progress.why }] : [])),
    ...left,
  ];
}

function keptText(kept: ReturnType<typeof keptOf>, { move }: Following): string {
  return reasonsText(
    kept,
    move.back === undefined ? undefined : `the key of version ${move.other}, which was given up`,
  );
}

function reportOf(
  { move, followers, hidden, left, notLooked }: Following,
  secret: SecretName,
  revised: number,
): SecretReached {
  return {
    secret,
    to: move.to,
    consumers: [
      ...followers.map(({ name, progress }) => ({
        consumer: name,
        is: progress.is,
        ...('why' in progress ? { why: progress.why } : {}),
      })),
      ...hidden.map((name) => ({ consumer: name, is: 'underway' as const })),
      ...left.map(({ name, why }) => ({ consumer: name, is: 'left' as const, why })),
    ],
    notLooked,
    revised,
  };
}
