import { aheadNotice } from '../../core/alerts/ahead-notice.ts';
import { chunks } from '../../core/alerts/groups.ts';
import type { AheadNotice } from '../../core/alerts/notice.ts';
import { waitingFor } from '../../core/calendar/waiting.ts';
import { aheadOf, isToldIn } from '../../core/fleet/ahead.ts';
import { ownMomentOf } from '../../core/health/deep-schedule.ts';
import { lacksAccount } from '../../core/record/mint-policy.ts';
import { valueOf } from '../../core/record/part.ts';
import { silenceAt } from '../../core/record/silence.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Found } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, SecretSighting } from '../ports/ports.ts';

/** Under which policy, and whether rotations begin by themselves. */
export interface AheadOrder {
  /** The deployment's; the secret's own comes on top. */
  readonly secretPolicy: SecretPolicy;
  /** At 0 none is begun because of a key’s age. */
  readonly rotationsMax: number;
  readonly noticeDays: number;
  /** For so many hours a second person may agree before a rotation begins, where the policy asks for one. */
  readonly approvalHours?: number | undefined;
}

/** What is told of a secret, and whether channels are quiet about it, which must not hold back what is said of others. */
export interface Ahead {
  readonly notice: AheadNotice;
  readonly isQuiet: boolean;
}

/**
 * Tells of keys of a project some days before they reach their greatest age, once for each rotation that is due: in the one daily look, at
 * a moment of the project’s own, that is the first since then. So nothing has to be remembered of it, and what would be told on one day is
 * one message for people. Answers what could not be told.
 */
export async function tellAhead(announcer: Announcer, all: readonly Ahead[]): Promise<readonly string[]> {
  const problems: string[] = [];
  const [alone, heard] = [all.filter(({ isQuiet }) => isQuiet), all.filter(({ isQuiet }) => !isQuiet)];
  for (const group of [...chunks(heard), ...alone.map((one) => [one])]) {
    const notices = group.map(({ notice }) => notice);
    for (const notice of notices) {
      const told = await attempt(() => announcer.announce(notice, notices));
      if (told instanceof Fault) problems.push(`${notice.secret}: that its key gets old was not told: ${told.message}`);
    }
  }
  return problems;
}

/** What is told of a secret in this look; mostly nothing. */
export function aheadIn(
  { sighting, project }: Found,
  { secretPolicy, rotationsMax, noticeDays, approvalHours }: AheadOrder,
  now: Instant,
): Ahead | undefined {
  const own = secretPolicyOf(sighting.record, secretPolicy).secretPolicy;
  const { maxAgeDays: ageDaysMax } = own.rotation;
  const ahead = aheadOf(sighting, own.rotation, noticeDays, now, (due) => openFrom(own, due));
  // Whose new key can be bound to no account is told of every day.
  if (ahead === undefined || !isToldIn(ahead, ownMomentOf(project, 24, now)) || isWithoutAccount(sighting, own))
    return undefined;
  const why = rotationsMax > 0 ? undefined : 'no rotation begins by itself (KEY_WARDEN_ROTATIONS_MAX is 0)';
  const asking = own.rotation.approval === 1 ? { approvalHours } : {};
  return {
    notice: aheadNotice(ahead, { secret: sighting.name, project, ageDaysMax, why, ...asking }, now),
    isQuiet: silenceAt(sighting.record.silence, now).is === 'silent',
  };
}

/** When a rotation may begin that is due then, as far as windows and frozen days tell ahead. */
function openFrom(policy: SecretPolicy, due: Instant): Instant | undefined {
  const { calendar: settings = {}, ownCalendar: own = {}, calendarReader: reader } = policy;
  const waiting = waitingFor({ settings, own, frozen: [], reader }, due);
  return waiting === undefined ? due : waiting.until;
}

/** Whether its key is to be replaced by one that is bound to an account, and none is known, as its last good check has it. */
export function isWithoutAccount({ record }: SecretSighting, { mint }: SecretPolicy): boolean {
  const health = valueOf(record.health);
  const keyKind = health?.is === 'well' ? health.keyKind : undefined;
  return keyKind !== undefined && lacksAccount(mint, keyKind);
}
