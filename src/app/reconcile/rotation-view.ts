import { valueOf } from '../../core/record/part.ts';
import type { InFlight, Journal, KeyHandle } from '../../core/record/journal.ts';
import { secretPolicyAt, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { plausibleJournal, plausibleRetired } from '../../core/rotation/plausible.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import { isAstray } from '../../core/rotation/last-current.ts';
import { cutsShort } from '../../core/rotation/drain.ts';
import { nextPurge } from '../../core/rotation/next-purge.ts';
import { onceLeaked } from '../../core/rotation/make-emergency.ts';
import { deadKeyOf, isLostSince } from '../../core/health/health.ts';
import { replacedAt, type Past, type Retired } from '../../core/record/ledger.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Planned } from '../../core/fleet/feasible.ts';
import type { KeyQuotaUse } from '../../core/fleet/key-quota.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import { DAY_MS, elapsedMs, type Instant } from '../../core/values/time.ts';
import { unreadableIn } from '../../core/alerts/unreadable-annotation.ts';
import type { Found } from '../listing/gather.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';

/** An old key that its issuer has still, as far as the record says. */
export type Undeleted = Retired & { readonly key: KeyHandle };

/** What a listed secret lets expect, read from its metadata alone: whether anything has to be done about it now. */
export interface RotationView extends KeyQuotaUse, Planned {
  readonly secret: SecretName;
  /** As it was asked for, usually its id: how announcements name it. */
  readonly project: string;
  /** As it was listed: whoever goes on from here need not look again, and loses the commit if somebody wrote since. */
  readonly sighting: SecretSighting;
  /** `undefined` when it is in a form this release does not read. */
  readonly journal: Journal | undefined;
  /** Which of our annotations this release does not read; then nothing is done. */
  readonly unreadable: readonly string[];
  /** What its own policy asks for and may not have, or cannot be read. */
  readonly misfits: readonly string[];
  /** A rotation that no person and no date keeps from going on. */
  readonly mayGoOn: boolean;
  /** A step of it is on record that perhaps nobody was told of (I15). */
  readonly untold: boolean;
  /** How long ago its rotation began; 0 at rest. */
  readonly ageMs: number;
  /** Its key was found dead, and its policy lets the worker replace it. */
  readonly toReplace: boolean;
  /** Its alias `current` is not where it was left, and something is to be done about that. */
  readonly currentAstray: boolean;
  /** Old keys that could be deleted at the issuer if nobody stood in the way. */
  readonly undeleted: readonly Undeleted[];
}

export function rotationViewOf({ sighting, project }: Found, underneath: SecretPolicy, now: Instant): RotationView {
  const { name, record } = sighting;
  const written = valueOf(record.rotation);
  const journal = written === undefined ? undefined : plausibleJournal(written, now);
  const { secretPolicy, problems: misfits } = secretPolicyAt(record, underneath, now);
  const { rotation, mint } = secretPolicy;
  const health = healthAt(record.health, now);
  const history = valueOf(record.history) ?? [];
  const retired = (valueOf(record.retired) ?? []).map((old) => plausibleRetired(old, now));
  const flight = journal?.phase === 'resting' ? undefined : journal;
  const dead = deadKeyOf(health, replacedAt(history));
  const current = { current: sighting.aliases['current'], last: valueOf(record.lastCurrent) ?? undefined, now };
  const currentAstray = journal !== undefined && isAstray({ journal, ...current });
  return {
    currentAstray,
    secret: name,
    sighting,
    unreadable: unreadableIn(record),
    misfits,
    project,
    journal,
    mayGoOn:
      flight !== undefined &&
      (mayGoOn(flight, now) ||
        currentAstray ||
        onceLeaked(flight, dead) !== undefined ||
        cutsShort(flight, isLostSince(health, flight.promotedAt), now)),
    untold: (valueOf(record.outbox) ?? []).length > 0,
    ageMs: flight === undefined ? 0 : elapsedMs(flight.openedAt, now),
    toReplace: journal?.phase === 'resting' && rotation.rotateWhenDead === 1 && dead !== undefined,
    undeleted:
      journal === undefined ? [] : retired.filter((old): old is Undeleted => isUndeleted(old, journal, rotation, now)),
    policy: rotation,
    keyProject: mint.keyProject ?? projectIn(name),
    keys: 1 + (flight?.candidate === 'minted' ? 1 : 0) + retired.filter((old) => countsStill(old, now)).length,
    ...recentOf(name, flight, history, now),
  };
}

/** A leaked key that is not deleted is one also while another purge is at it: a run that passed over it would call itself done. */
function isUndeleted(old: Retired, journal: Journal, policy: RotationPolicy, now: Instant): old is Undeleted {
  if (old.key === undefined || old.deletedAt !== undefined) return false;
  return old.urgent === true || nextPurge(old, journal, policy, now).do === 'delete';
}

/** A wish is taken up at once; otherwise neither a hold nor a date may stand in the way. */
function mayGoOn({ wish, held, notBefore }: InFlight, now: Instant): boolean {
  return wish !== undefined || (!held && (notBefore === undefined || notBefore <= now));
}

/** A deleted key can be undeleted for 30 days, and as long it is there. */
function countsStill({ key, deletedAt }: Retired, now: Instant): boolean {
  return key !== undefined && (deletedAt === undefined || elapsedMs(deletedAt, now) < 30 * DAY_MS);
}

/** How the newest rotation fares or fared, unless that is longer ago than a day. */
function recentOf(
  secret: SecretName,
  flight: InFlight | undefined,
  [last]: readonly Past[],
  now: Instant,
): Pick<KeyQuotaUse, 'recentOutcome' | 'recentTrouble'> {
  const isFresh = (at: Instant): boolean => elapsedMs(at, now) < DAY_MS;
  const trouble = (why: string | undefined) =>
    ({ recentOutcome: 'trouble', recentTrouble: why === undefined ? undefined : { secret, why } }) as const;
  if (flight === undefined) {
    if (last === undefined || !isFresh(last.at)) return { recentOutcome: 'neither' };
    return last.outcome === 'completed' ? { recentOutcome: 'success' } : trouble(last.why);
  }
  const { phase, since, held, promotedAt, why } = flight;
  if (!isFresh(since)) return { recentOutcome: 'neither' };
  if (promotedAt !== undefined && !held) return { recentOutcome: 'success' };
  if (phase === 'abandoned' || (held && isBeforePromotion(phase))) return trouble(why);
  return { recentOutcome: 'neither' };
}
