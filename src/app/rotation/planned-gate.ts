import { notYetText, passedText } from '../../core/alerts/not-yet.ts';
import { waitingFor } from '../../core/calendar/waiting.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import type { SecretName } from '../ports/ports.ts';

/**
 * Whether a rotation may begin now, as far as the team’s own rules go. `passed` says what it does not wait for, because it may not;
 * `later` without `until` waits for a person.
 */
export type PlannedGate =
  | { readonly is: 'now'; readonly passed?: string | undefined }
  | { readonly is: 'later'; readonly why: string; readonly until: Instant | undefined };

interface About {
  readonly secret: SecretName;
  readonly policy: SecretPolicy;
  readonly now: Instant;
}

/**
 * The gate in front of a planned rotation: windows and freezes. An emergency, a dead key and going back pass, and say so: for
 * consumers nothing gets worse, and what leaked does not wait.
 */
export function plannedGate(
  { secret, policy, now }: About,
  opening: Pick<Opening, 'reason' | 'emergency'>,
): PlannedGate {
  const { calendar: settings = {}, ownCalendar: own = {} } = policy;
  const waiting = waitingFor({ settings, own, frozen: [] }, now);
  if (waiting === undefined) return { is: 'now' };
  if (isPressing(opening)) return { is: 'now', passed: passedText(waiting) };
  return { is: 'later', why: notYetText(secret, waiting), until: waiting.until };
}

/** What waits for no window, freeze or approval. */
function isPressing({ reason, emergency }: Pick<Opening, 'reason' | 'emergency'>): boolean {
  return emergency || reason === 'dead' || reason === 'leaked' || reason === 'rollback';
}
