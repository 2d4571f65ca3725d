import type { Moved } from '../../core/rotation/move-of-current.ts';
import { reachedOf, type Reached } from '../../core/consumers/wave.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { isPassing } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { followingOf, type FollowingPorts } from './following.ts';

/**
 * How far a rotation has come to its consumers. `isKnown`: somebody reads the secret, everybody was looked at, and nobody among them
 * may keep the old key because none asked to be brought along.
 */
export type Reach = Reached & { readonly isKnown: boolean };

/**
 * What a rotation waits for. `undefined` where no consumer is brought along, or where nobody may look: then it goes on as if there were
 * nobody to ask, never sooner. Trouble that passes is waited out.
 */
export async function reachedBy(
  ports: FollowingPorts,
  moved: Moved,
  policy: RotationPolicy,
  project: string,
): Promise<Reach | undefined> {
  const following = await attempt(() => followingOf(ports, moved, policy, project));
  if (following instanceof Fault)
    return isPassing(following) ? { is: 'underway', why: following.message, isKnown: false } : undefined;
  if (following === undefined) return undefined;
  const { followers, hidden, left, unasked, notLooked, barred } = following;
  const unseen = hidden.map((name) => ({ name, progress: { is: 'underway' } as const }));
  const reached = reachedOf([...followers, ...unseen], left, policy);
  const [first] = notLooked;
  if (reached.is === 'all' && first !== undefined && !barred) return { is: 'underway', why: first, isKnown: false };
  const readers = followers.length + unasked.length;
  return { ...reached, isKnown: first === undefined && readers > 0 && unasked.every(({ is }) => is === 'itself') };
}
