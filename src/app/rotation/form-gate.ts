import { notClean, notForRotation } from '../../core/alerts/not-for-rotation.ts';
import { noAccountText } from '../../core/alerts/no-account.ts';
import { lacksAccount, type MintPolicy } from '../../core/record/mint-policy.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { SecretName } from '../ports/ports.ts';
import { formOfVersion } from './acts/payload.ts';
import type { Contents } from './run-memory.ts';

/** What a rotation may begin with, or why it may not begin. */
export type Gate = { readonly is: 'open'; readonly opening: Opening } | Barred;

/** Why a rotation may not begin. */
export interface Barred {
  readonly is: 'barred';
  readonly why: string;
  /** The key is known for one, so that its leak is remembered all the same. */
  readonly isLeakKept?: true;
}

interface About {
  readonly secret: SecretName;
  readonly project: string;
  /** The policy for the new key, and for the field of the stored value that holds it. */
  readonly mint: MintPolicy;
  /** A person named the version that is replaced. */
  readonly isNamed: boolean;
  /** The version that consumers read, where an alias says so. */
  readonly current: number | undefined;
}

/**
 * A rotation begins only where exactly one key is held in a form that can be kept (I12). Going back writes nothing, and a
 * version that somebody added was written by them; a person who names the version and wants the key alone knows what
 * consumers expect. What was replaced stays as it is then: it may be no key at all. One AccessSecretVersion; rejects with `Fault`.
 */
export async function formGate(
  contents: Contents,
  { secret, project, mint, isNamed, current }: About,
  opening: Opening,
): Promise<Gate> {
  if (opening.reason === 'rollback') return { is: 'open', opening };
  if (isNamed && current !== undefined && current !== opening.from)
    return { is: 'barred', why: `consumers read version ${current}, so version ${opening.from} cannot be replaced` };
  const stored = await formOfVersion(contents, secret, opening.from, opening.mint?.keyField ?? mint.keyField);
  const replaced = stored?.is === 'kept' ? stored.key.kind : undefined;
  const wanted = { ...mint, ...opening.mint };
  // Whoever names the version without this only means: that one, or none.
  const isChosen = isNamed && opening.alone === 'bare';
  if (opening.candidate === 'minted' && lacksAccount(wanted, replaced) && (stored?.is === 'kept' || isChosen))
    return {
      is: 'barred',
      why: noAccountText({
        secret,
        project,
        emergency: opening.emergency,
        replaced: isChosen ? opening.from : undefined,
      }),
      isLeakKept: true,
    };
  if (stored?.is === 'kept') {
    const { form } = stored;
    if (opening.alone !== 'clean' || form.is === 'bare') return { is: 'open', opening: { ...opening, form } };
    return { is: 'barred', why: notClean(secret, opening.from, form) };
  }
  if (opening.candidate === 'adopted' || isChosen) return { is: 'open', opening: { ...opening, keepOld: true } };
  return { is: 'barred', why: notForRotation(secret, project, opening.from, stored) };
}
