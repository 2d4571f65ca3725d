import { FIND_KEY, REVOKE, STATUS } from '../causes/commands.ts';
import { valuesOf } from '../causes/names.ts';
import { nextOf, nextStepOf, type NextStep } from '../causes/next-step.ts';
import { namesOf, valuesAbout } from '../health/finding.ts';
import type { KeyKind } from '../key/key-text.ts';
import { afterEmergency, emergencyText, type LeakEmergency } from './leak-emergency.ts';
import type { RetiredKey } from '../rotation/retired-key.ts';
import { plural } from '../values/plural.ts';
import { spokenMinute } from '../values/time.ts';
import type { LeakSource } from './leak-report.ts';
import type { LeakReported } from './notices/leak-notices.ts';

/** What a report is told apart by, and where people read it. */
export interface Reported {
  readonly source: LeakSource;
  /** The same for a report that is delivered again. */
  readonly report: string;
  readonly where?: string | undefined;
}

/** A version that holds the key of a report. */
export interface Holder {
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  /** The names by which consumers get it. */
  readonly readAs: readonly string[];
  readonly keyKind: KeyKind | undefined;
  /** It is the whole key of the report that a rotation replaces here, and no part of it and none beside it. */
  readonly isReplaced?: boolean | undefined;
}

/** How far was looked. */
export interface LookedAt {
  readonly secrets: number;
  readonly versions: number;
  /** Versions that nobody can read until somebody enables them. */
  readonly disabled: number;
  /** Places that could not be looked at. */
  readonly notLooked: number;
}

/** Who reports, as people call them. */
export const REPORTERS = {
  github: 'GitHub',
  gitguardian: 'GitGuardian',
  webhook: 'a signed webhook',
} as const satisfies Record<LeakSource, string>;

/**
 * The key of a secret is said to have leaked: what consumers read is replaced at once, what nobody reads is deleted. Where the worker was
 * asked to replace it, what became of that is said.
 */
export function reportedOf(
  { source, report, where }: Reported,
  holder: Holder,
  emergency?: LeakEmergency,
): LeakReported {
  const { secret, project, version, readAs, keyKind } = holder;
  const isRead = readAs.length > 0;
  const how = isRead ? `consumers read it as ${readAs.join(', ')}` : 'no name leads to the version any more';
  return {
    type: 'leak.reported',
    secret,
    project,
    version,
    source,
    report,
    why: `${saysWho(source, where)} reports that its key leaked; ${how}${emergency === undefined ? '' : `; ${emergencyText(emergency)}`}`,
    ...(emergency === undefined ? {} : { emergency }),
    ...(isRead
      ? nextStepOf([afterEmergency(emergency)], valuesOf({ ...namesOf({ secret, project }), keyKind }))
      : nextOf(DELETE_OLD, valuesAbout({ secret, project }))),
  };
}

/** A secret that retired the key of a report: who holds it there is nobody any more, and whether it is dead is on record. */
export interface RetiredBy extends RetiredKey {
  readonly secret: string;
  readonly project: string;
}

/** The key of a report is one that a secret has retired. With every old key deleted there is nothing to do, and no incident. */
export function reportedRetired({ source, report, where }: Reported, by: RetiredBy): LeakReported {
  const { secret, project, why, undeleted } = by;
  const retired = undeleted?.length === 0 ? 'deleted' : 'undeleted';
  return {
    type: 'leak.reported',
    secret,
    project,
    retired,
    source,
    report,
    why: `${saysWho(source, where)} reports ${why}; ${undeletedText(undeleted)}`,
    ...nextOf(retired === 'deleted' ? SEE_RECORD : DELETE_OLD, valuesAbout({ secret, project })),
  };
}

function undeletedText(undeleted: RetiredKey['undeleted']): string {
  if (undeleted === undefined) return 'whether it is deleted is on record in a form that this release does not read';
  if (undeleted.length === 0) return 'every old key on record is deleted, so there is nothing to do';
  const named = undeleted.map(({ version, at }) => `that of version ${version} (since ${spokenMinute(at)})`).join(', ');
  return `old keys that are not deleted yet: ${named}; it may be one of them`;
}

/** A report of which nobody knows whom it concerns: without the key, or with one that no secret under care holds. */
export function reportedOfNobody({ source, report, where }: Reported, looked: LookedAt | undefined): LeakReported {
  const who = saysWho(source, where);
  const why =
    looked === undefined
      ? `${who} reports a leaked key and does not hand it over, so whose it is was not looked up`
      : `${who} reports a leaked Gemini key that no secret under care holds: ${lookedText(looked)}`;
  return { type: 'leak.reported', source, report, why, ...toFind(looked) };
}

function saysWho(source: LeakSource, where: string | undefined): string {
  return where === undefined ? REPORTERS[source] : `${REPORTERS[source]} (${where})`;
}

function lookedText({ secrets, versions, disabled, notLooked }: LookedAt): string {
  const closed = disabled === 0 ? '' : `, ${plural(disabled, 'disabled one')} not`;
  const missed = notLooked === 0 ? '' : `, and ${plural(notLooked, 'place')} could not be looked at`;
  return `${plural(versions, 'version')} of ${plural(secrets, 'secret')} were read${closed}${missed}`;
}

/** The key comes by a pipe from whoever has it: no alert carries it. */
function toFind(looked: LookedAt | undefined): NextStep {
  const words =
    looked === undefined
      ? 'Read the key where it was reported, see which secrets hold it, and rotate each at once'
      : 'Look with the key among all secrets, those that are not under care too, and delete it at its issuer';
  return nextStepOf([{ for: 'worker-operator', do: words, command: FIND_KEY }], {});
}

const SEE_RECORD = { do: 'See what is on record', command: STATUS } as const;

const DELETE_OLD = {
  do: 'See whether the key is alive, and delete it by its uid',
  command: REVOKE,
} as const;
