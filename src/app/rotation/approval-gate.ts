import type { Opening } from '../../core/record/journal.ts';
import { freeText } from '../../core/key/free-text.ts';
import { actorJson, spokenActor, type Actor } from '../../core/record/actor.ts';
import type { AboutToBegin, Approvals, ApprovalStand, IsFeasible } from '../approval/approvals.ts';
import type { Log, SecretName } from '../ports/ports.ts';
import { isPressing } from './planned-gate.ts';

/** What a rotation waits for before its team’s windows are looked at. */
export type ApprovalGate = ApprovalStand | { readonly is: 'free'; readonly passed?: string };

/**
 * Whether a second person must agree before a rotation begins, and has. An emergency, a dead key and going back pass, and say so. Where the
 * policy asks for it and nobody keeps approvals, nothing begins.
 */
export async function approvalGate(
  approvals: Approvals | undefined,
  about: AboutToBegin & { readonly opening: Pick<Opening, 'reason' | 'emergency'> },
  isFeasible: IsFeasible,
): Promise<ApprovalGate> {
  if (about.policy.rotation.approval === 0) return { is: 'free' };
  if (isPressing(about.opening)) return { is: 'free', passed: PASSED };
  if (approvals === undefined)
    return { is: 'later', why: 'a second person is to approve it, and cannot here', until: undefined };
  return approvals(about, isFeasible);
}

const PASSED = 'this does not wait although a second person is to approve planned rotations';

/** A rotation that begins because somebody approved it. */
export interface ApprovedBegin {
  readonly secret: SecretName;
  readonly rotation: string;
  readonly by: Actor;
}

/** A line for the log, where an auditor finds who approved a rotation after the record has forgotten it. */
export function logApproval(log: Log, { secret, rotation, by }: ApprovedBegin): void {
  log.write('NOTICE', `rotation ${rotation} begins, approved by ${spokenActor(by)}`, {
    secret,
    approval: { secret, rotation, by: actorJson(by) },
  });
}

/** The opening with who approved it, on record with the rotation; what whoever asked said comes after it. */
export function approvedBy(opening: Opening, by: Actor | undefined): Opening {
  if (by === undefined) return opening;
  const { note } = opening;
  return { ...opening, note: freeText(`approved by ${spokenActor(by)}${note === undefined ? '' : `; ${note}`}`, 200) };
}
