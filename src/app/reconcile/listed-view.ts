import { stopMark } from '../../core/alerts/stopped-rotations.ts';
import { valueOf } from '../../core/record/part.ts';
import { isMarked } from '../../core/record/unreadable-mark.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Found } from '../listing/gather.ts';
import { servingOf, type Serving } from '../listing/serving.ts';
import type { Vault } from '../ports/ports.ts';
import { rotationViewOf, type RotationView } from './rotation-view.ts';

/** A secret at rest of which nothing is due, without its sighting: what it adds to the numbers of its project and of the fleet. */
type AtRest = Omit<RotationView, 'sighting'> & { readonly sighting?: undefined };

/** What a run keeps of a secret that it listed. */
export type ListedView = (RotationView | AtRest) & {
  readonly serving: Serving;
  /** It is on record here that this day’s stop of its project was told. */
  readonly isStopTold: boolean;
};

/** A view that can be acted upon as it is. */
export type WholeView = Extract<ListedView, RotationView>;

/** So many secrets at rest are kept whole all the same: when their turn comes nobody need look again. */
export const WHOLE_AT_REST_MAX = 1_000;

/** Tells of each secret what is kept, while all are listed: whole if something is due for it, or for a person to hear. */
export function viewKeeper(secretPolicy: SecretPolicy, now: Instant): (one: Found) => ListedView {
  let atRest = 0;
  const stop = stopMark(now);
  return (one) => {
    const whole = rotationViewOf(one, secretPolicy, now);
    const { sighting, ...numbers } = whole;
    const about = {
      serving: servingOf(sighting),
      isStopTold: isMarked(valueOf(sighting.record.announcedUnreadable), stop),
    };
    if (needsSomething(whole)) return { ...whole, ...about };
    atRest += 1;
    if (atRest <= WHOLE_AT_REST_MAX) return { ...whole, ...about };
    // Most secrets have no policy of their own: one object is enough for all of them.
    const policy = sighting.record.policy.text === undefined ? secretPolicy.rotation : numbers.policy;
    return { ...numbers, ...about, policy };
  };
}

/** Whether the sighting is at hand. */
export function isWhole(one: ListedView): one is WholeView {
  return one.sighting !== undefined;
}

/** The view to act upon: where the list let go of the sighting, the secret is looked at. Rejects with `Fault`. */
export async function wholeViewOf(
  vault: Vault,
  one: ListedView,
  secretPolicy: SecretPolicy,
  now: Instant,
): Promise<RotationView> {
  if (isWhole(one)) return one;
  return rotationViewOf({ sighting: await vault.look(one.secret), project: one.project }, secretPolicy, now);
}

function needsSomething(one: RotationView): boolean {
  const { journal, currentAstray, toReplace, untold, unreadable, misfits, undeleted, sighting } = one;
  return (
    journal?.phase !== 'resting' ||
    journal.due !== undefined ||
    currentAstray ||
    toReplace ||
    untold ||
    unreadable.length + misfits.length + undeleted.length > 0 ||
    sighting.record.leaks.text !== undefined
  );
}
