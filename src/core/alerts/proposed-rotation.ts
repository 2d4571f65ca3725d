import { APPROVE, ROTATE_AT_ONCE } from '../causes/commands.ts';
import { lineFor, valuesOfSecret } from '../causes/names.ts';
import { nextOf } from '../causes/next-step.ts';
import { spokenActor } from '../record/actor.ts';
import type { Approval } from '../record/approval.ts';
import { shellText } from '../values/command.ts';
import { spokenMinute, spokenMinuteBy } from '../values/time.ts';
import type { RotationProposed } from './notices/rotation-notices.ts';

type Asked = Pick<Approval, 'secret' | 'plan' | 'by' | 'until'>;

/** What a second person is told: what would be done to whom, who asked, and how to say yes. */
export function proposedNotice(
  { secret, plan, by, at, until }: Approval,
  { project, version, says }: { readonly project: string; readonly version: number; readonly says: string },
): RotationProposed {
  const who = by === undefined ? 'anybody who may approve' : `somebody else than ${by.who}`;
  return {
    type: 'rotation.proposed',
    secret,
    project,
    version,
    plan,
    by,
    at,
    until,
    why: `${says}; asked for by ${askerOf({ by })}. It lapses at ${spokenMinuteBy(until)}`,
    ...nextOf({ do: `If you agree, as ${who}`, command: APPROVE }, { ...valuesOfSecret(secret), plan }),
  };
}

/** Who asked for a plan. */
export function askerOf({ by }: Pick<Approval, 'by'>): string {
  return by === undefined ? 'the schedule' : spokenActor(by);
}

/** The command by which a plan is approved. */
export function approveLine({ secret, plan }: Pick<Approval, 'secret' | 'plan'>): string {
  return shellText(APPROVE, { ...valuesOfSecret(secret), plan });
}

/** Why a rotation does not begin yet. */
export function waitsForApproval(asked: Asked): string {
  const who = asked.by === undefined ? 'one who may approve' : `somebody else than ${asked.by.who}`;
  return `it waits for the approval of ${who} until ${spokenMinuteBy(asked.until)}: ${approveLine(asked)}. A key that leaked does not wait: ${lineFor(ROTATE_AT_ONCE, asked.secret)}`;
}

/** How a rotation stands that one person asked for and another is to approve. */
export function standText(one: Approval): string {
  const { by, at, until, approved } = one;
  const asked = `asked for by ${askerOf(one)} at ${spokenMinute(at)}`;
  if (approved !== undefined)
    return `its rotation, ${asked}, was approved by ${spokenActor(approved.by)} and has not begun; that lapses at ${spokenMinuteBy(until)}`;
  const who = by === undefined ? 'one who may approve' : `somebody else than ${by.who}`;
  return `its rotation, ${asked}, waits for ${who} until ${spokenMinuteBy(until)}`;
}
