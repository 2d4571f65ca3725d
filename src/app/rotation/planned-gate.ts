import { notYetText, passedNote, passedText } from '../../core/alerts/not-yet.ts';
import { waitingFor, type Calendars, type Waiting } from '../../core/calendar/waiting.ts';
import { freezesAt, freezeText, isAboutSecret, type Freeze } from '../../core/record/freeze.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { plusMs, type Instant } from '../../core/values/time.ts';
import type { LookUpFreezes } from '../listing/freezes.ts';
import type { SecretName } from '../ports/ports.ts';

/**
 * Whether a rotation may begin now, as far as the team’s own rules go. `passed` says what it does not wait for, because it may not;
 * `later` without `until` waits for a person.
 */
export type PlannedGate =
  | { readonly is: 'now'; readonly passed?: Passed | undefined }
  | { readonly is: 'later'; readonly why: string; readonly until: Instant | undefined };

/** What was not waited for: as it is said at once, and in the few words that stay on record. */
export interface Passed {
  readonly says: string;
  readonly note: string;
}

interface About {
  /** As Secret Manager names it. */
  readonly secret: SecretName;
  readonly policy: SecretPolicy;
  readonly now: Instant;
}

/**
 * The gate in front of a planned rotation: windows and freezes. An emergency, a dead key and going back pass, and say so: for
 * consumers nothing gets worse, and what leaked does not wait.
 */
export async function plannedGate(
  lookUp: LookUpFreezes | undefined,
  about: About,
  opening: Pick<Opening, 'reason' | 'emergency'>,
): Promise<PlannedGate> {
  const waiting = await waitingOf(lookUp, about);
  if (waiting === undefined) return { is: 'now' };
  if (isPressing(opening)) return { is: 'now', passed: { says: passedText(waiting), note: passedNote(waiting) } };
  return { is: 'later', why: notYetText(about.secret, waiting), until: waiting.until };
}

/** Where it is not known what is frozen, the next run looks again. */
const AGAIN_MS = 10 * 60_000;

/** What planned rotations of a secret wait for; `undefined` for nothing. */
async function waitingOf(
  lookUp: LookUpFreezes | undefined,
  { secret, policy, now }: About,
): Promise<Waiting | undefined> {
  const known = lookUp === undefined ? { freezes: [] } : await lookUp();
  if ('unknown' in known)
    return { why: `which freezes are set is not known: ${known.unknown}`, until: plusMs(now, AGAIN_MS) };
  return waitingFor(calendarsOf(policy, secret, known.freezes, now), now);
}

/** All that planned rotations of a secret go by: the settings, its own policy, and freezes that hold now. */
export function calendarsOf(
  { calendar: settings = {}, ownCalendar: own = {}, calendarReader: reader }: SecretPolicy,
  secret: SecretName,
  freezes: readonly Freeze[],
  now: Instant,
): Calendars {
  const frozen = freezesAt(freezes, now)
    .filter(({ about }) => isAboutSecret(about, secret))
    .map((freeze) => ({ words: freezeText(freeze), until: freeze.until }));
  return { settings, own, frozen, reader };
}

/** What waits for no window, freeze or approval. */
export function isPressing({ reason, emergency }: Pick<Opening, 'reason' | 'emergency'>): boolean {
  return emergency || reason === 'dead' || reason === 'leaked' || reason === 'rollback';
}
