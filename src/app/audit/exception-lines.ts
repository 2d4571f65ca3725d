import type { Actor } from '../../core/record/actor.ts';
import { scopeText, type Freeze } from '../../core/record/freeze.ts';
import { breadthText } from '../../core/record/wide-silence.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Silences } from '../alerts/list-silences.ts';
import type { KeyLine } from './key-lines.ts';
import type { LoggedNotice } from './log-lines.ts';
import type { RotationLine } from './rotation-lines.ts';

/** What was out of the ordinary in the time, with whoever stands for it. */
export interface ExceptionLine {
  readonly is: 'silence' | 'freeze' | 'key over age' | 'emergency' | 'users cut off' | 'key revoked';
  /** A secret, or what a silence or a freeze of more than one secret is about. */
  readonly about: string;
  readonly at?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly owner?: string | undefined;
  readonly by?: Actor | undefined;
  readonly why?: string | undefined;
}

/** What holds now. */
type Standing = Pick<Silences, 'silences' | 'wide'> & { readonly freezes: readonly Freeze[] };

/** As `pastOf` writes what was asked of a rotation, in front of its own reason. */
const CUT_OFF = /(?:^|; )cut-off-users asked for by /;

/** Silences and freezes that stand now and those that the log tells of, keys over their age, and what people forced. */
export function exceptionLinesOf(
  { silences, wide, freezes }: Standing,
  notices: readonly LoggedNotice[],
  keys: readonly KeyLine[],
  rotations: readonly RotationLine[],
): readonly ExceptionLine[] {
  const standing: readonly ExceptionLine[] = [
    ...silences.flatMap((one) =>
      'problem' in one
        ? []
        : [{ is: 'silence' as const, about: one.secret, until: one.until, owner: one.owner, why: one.reason }],
    ),
    ...wide.map(({ about, until, owner, reason: why }) => ({
      is: 'silence' as const,
      about: breadthText(about),
      until,
      owner,
      why,
    })),
    ...freezes.map(({ about, until, owner, by, reason }) => ({
      is: 'freeze' as const,
      about: scopeText(about),
      until,
      owner,
      by,
      why: reason,
    })),
  ];
  const set = notices.flatMap(setLine);
  const untold = standing.filter(
    (one) => !set.some((other) => other.is === one.is && other.about === one.about && other.until === one.until),
  );
  return [
    ...untold,
    ...set,
    ...keys
      .filter(({ isOverAge }) => isOverAge)
      .map(({ secret, ageDays, maxAgeDays }) => ({
        is: 'key over age' as const,
        about: secret,
        why: `${ageDays} days old; its policy wants ${maxAgeDays} at most`,
      })),
    ...rotations.flatMap(forcedIn),
    ...notices.flatMap((notice) =>
      notice.type === 'leak.open' && notice.by !== undefined ? [revokedLine(notice)] : [],
    ),
  ];
}

const SET = { 'silence.set': 'silence', 'freeze.set': 'freeze' } as const;

function setLine({ type, secret, about, at, until, owner, reason, by }: LoggedNotice): readonly ExceptionLine[] {
  if (type !== 'silence.set' && type !== 'freeze.set') return [];
  return [{ is: SET[type], about: about ?? secret, at, until, owner, by, why: reason }];
}

function forcedIn({ secret, reason, openedAt, endedAt, by, why }: RotationLine): readonly ExceptionLine[] {
  const about = { about: secret, at: openedAt ?? endedAt, by, why };
  return [
    ...(reason === 'leaked' ? [{ is: 'emergency' as const, ...about }] : []),
    ...(CUT_OFF.test(why ?? '') ? [{ is: 'users cut off' as const, ...about }] : []),
  ];
}

function revokedLine({ secret, at, by, why }: LoggedNotice): ExceptionLine {
  return { is: 'key revoked', about: secret, at, by, why };
}
