import { askedFor } from '../../core/consumers/asked-for.ts';
import type { Consumer, SecretRead } from '../../core/consumers/consumer.ts';
import { markIn } from '../../core/consumers/mark.ts';
import { meantBy } from '../../core/consumers/meant.ts';
import type { Move } from '../../core/consumers/move.ts';
import { moveOf, type Moved } from '../../core/rotation/move-of-current.ts';
import { valueOf } from '../../core/record/part.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { progressOf, type Progress } from '../../core/consumers/progress.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { projectsOf, type LookUpRoll } from '../consumers/readers.ts';
import { isPassing } from '../listing/gather.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Clock, SecretSighting, Vault } from '../ports/ports.ts';
import type { Revisable, Reviser } from '../ports/reviser.ts';

/** The side of the consumers: who there is, how each fares, and who may be touched. */
export interface Reaching {
  readonly roll: LookUpRoll;
  readonly reviser: Reviser;
  /** Accounts whose consumers may be given new revisions; empty = any. */
  readonly accounts: readonly string[];
}

/** What it takes to see how far a move has come. */
export interface FollowingPorts extends Omit<Reaching, 'reviser'> {
  readonly vault: Pick<Vault, 'look' | 'lookVersion'>;
  readonly clock: Clock;
  readonly reviser: Pick<Reviser, 'look'>;
}

/** One consumer that is to be brought along. */
export interface Follower {
  readonly name: string;
  readonly seen: Revisable;
  readonly progress: Progress;
}

/** A consumer, and why it stands as it does. */
export interface Reason {
  readonly name: string;
  readonly why: string;
}

/** All who read a secret that `current` was moved of. */
export interface Following {
  readonly move: Move;
  /** Tells the references to the secret. */
  readonly isMeant: (read: SecretRead) => boolean;
  readonly followers: readonly Follower[];
  /** Who could not be looked at just now. */
  readonly hidden: readonly string[];
  /** Whom somebody would have to bring along by hand, and why. */
  readonly left: readonly Reason[];
  /** Who reads it and is not to be brought along, and why. */
  readonly unasked: readonly (Reason & { readonly is: 'itself' | 'no' })[];
  /** Everybody who was found, those that nothing of this is about too. */
  readonly found: readonly Consumer[];
  readonly notLooked: readonly string[];
  /** Only settings or permissions end some of that. */
  readonly barred: boolean;
}

/** Consumers looked at in parallel. */
const LOOKS_AT_ONCE = 8;

/** The same of one look at a secret, under the secret's own policy, which it answers too. */
export async function followingIn(
  ports: FollowingPorts,
  sighting: SecretSighting,
  { secretPolicy, project }: { readonly secretPolicy: SecretPolicy; readonly project: string },
): Promise<{ readonly policy: RotationPolicy; readonly following: Following | undefined }> {
  const policy = secretPolicyOf(sighting.record, secretPolicy).secretPolicy.rotation;
  const moved = movedIn(sighting);
  return { policy, following: moved && (await followingOf(ports, moved, policy, project)) };
}

/** What a secret says of its last move; `undefined` where that cannot be read, which the reconciler tells. */
export function movedIn({ name: secret, aliases, record }: SecretSighting): Moved | undefined {
  const [journal, history] = [valueOf(record.rotation), valueOf(record.history)];
  if (journal === undefined || history === undefined) return undefined;
  return { secret, current: aliases['current'], journal, history };
}

/**
 * Looks at every consumer that is to follow the last move of a secret; `undefined` where there is no such move, or nobody is to be brought
 * along at all. Nothing of it is remembered: the consumers say it themselves. Rejects with `Fault` where nobody could look at all.
 */
export async function followingOf(
  { vault, clock, reviser, roll: rollFor, accounts }: FollowingPorts,
  moved: Moved,
  policy: RotationPolicy,
  project: string,
): Promise<Following | undefined> {
  if (policy.reachConsumers === 0) return undefined;
  const move = moveOf(moved, clock.now());
  if (move === undefined) return undefined;
  const { secret } = move;
  const roll = await rollFor([secret]);
  const { consumers } = roll;
  const called = await projectsOf(vault, roll, { name: secret, given: `projects/${project}/` });
  const isMeant = meantBy(secret, called.same);
  const readers = consumers.filter(({ template }) => template.some(isMeant));
  const readsLatest = readers.some(({ template }) =>
    template.some((read) => isMeant(read) && read.version === 'latest'),
  );
  const newest = readsLatest ? (await vault.lookVersion(secret, 'latest')).number : undefined;
  const asked = readers.map((consumer) => ({
    consumer,
    ask: askedFor(consumer, { ...move, newest, accounts }, policy, isMeant),
  }));
  const wanted = asked.filter(({ ask }) => ask.is === 'yes').map(({ consumer }) => consumer);
  const looks = await inPool(wanted, LOOKS_AT_ONCE, ALWAYS, async (consumer) => ({
    consumer,
    seen: await attempt(() => reviser.look(consumer.name)),
  }));
  const followers: Follower[] = [];
  const hidden: string[] = [];
  const left = asked.flatMap(({ consumer: { name }, ask }) => (ask.is === 'left' ? [{ name, why: ask.why }] : []));
  for (const { consumer, seen } of looks.filter((look) => look !== undefined)) {
    const { name } = consumer;
    if (!(seen instanceof Fault)) {
      const progress = hasStayed(consumer, seen, move, isMeant) ? ON : progressOf(consumer, seen, move, clock.now());
      followers.push({ name, seen, progress });
    } else if (isPassing(seen)) hidden.push(name);
    else if (seen.code !== 'not_found') left.push({ name, why: seen.message });
  }
  return {
    move,
    isMeant,
    followers,
    hidden,
    left,
    unasked: asked.flatMap(({ consumer: { name }, ask }) =>
      ask.is === 'itself' || ask.is === 'no' ? [{ name, is: ask.is, why: ask.why }] : [],
    ),
    found: consumers,
    notLooked: [...roll.notLooked, ...called.notLooked],
    barred: roll.barred || called.barred,
  };
}

const ON: Progress = { is: 'on' };

/**
 * Whether nothing of a rotation that was given up, and has ended, is known to have come to a consumer: it reads the alias alone, and was
 * not marked. Such a rotation may never have promoted anything, so that it is no reason to start everybody anew.
 */
function hasStayed(
  { template }: Consumer,
  { reached }: Revisable,
  { secret, to, back }: Move,
  isMeant: Following['isMeant'],
): boolean {
  if (back?.isOver !== true || markIn(reached, secret) === back.from) return false;
  return template.every((read) => !isMeant(read) || read.version === 'current' || read.version === String(to));
}
