import { noAccountText, noSuchAccountText, notThisAccountText } from '../../../core/alerts/no-account.ts';
import { projectIn } from '../../../core/google/resource-names.ts';
import { annotationOf } from '../../../core/record/secret-record.ts';
import { ABORT, LIST_KEYS, ROTATE_NARROWER } from '../../../core/causes/commands.ts';
import { lineFor } from '../../../core/causes/names.ts';
import { shellText } from '../../../core/values/command.ts';
import type { Outcome } from '../../../core/rotation/advance.ts';
import { restrictionsOfSuccessor } from '../../../core/google/key-restrictions.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { KEYS_MAX } from '../../../core/fleet/key-quota.ts';
import { countKeys } from '../../keys/count-keys.ts';
import { ROTATION_MARK, SECRET_MARK } from '../../keys/key-marks.ts';
import { carriedAnnotations, successorName } from '../../../core/rotation/key-succession.ts';
import { keyHandleOf, newKeyOf, oldRecord, unknownText } from './issued.ts';
import { unsure, type ActInput } from './act-input.ts';

/**
 * Makes a key with the restrictions of the old one, for Gemini in any case. Its id is the rotation's, so that asking again
 * gives the same key.
 */
export async function mint(input: ActInput): Promise<Outcome> {
  const { ports, journal, secret, mint: policy, keyProject } = input;
  const old = await attempt(() => oldRecord(input));
  if (old instanceof Fault) return unsure(old);
  const known = 'because' in old ? undefined : old;
  const learned = 'because' in old ? { fromKeyUnknown: unknownText(old) } : { fromKey: keyHandleOf(old) };
  const replaced = journal.alone === 'bare' ? journal.from : undefined;
  const of = { ...journal, secret, project: projectIn(secret), replaced };
  const auth = policy.keyKind !== 'standard';
  const serviceAccountEmail = policy.keyServiceAccount ?? known?.serviceAccountEmail;
  // The issuer would make a standard key instead, of a type that Google is about to stop accepting.
  if (auth && serviceAccountEmail === undefined)
    return {
      kind: 'refused',
      why: noAccountText(of, 'because' in old ? old.because : undefined),
      learned,
    };
  const { restrictions, lost } = restrictionsOfSuccessor(known?.restrictions ?? {}, auth);
  if (lost.length > 0 && policy.dropTargets !== 'on')
    return { kind: 'unsure', why: tooNarrow(secret, lost), hold: true };
  const minted = await attempt(() =>
    ports.issuer.mint({
      project: keyProject,
      keyId: journal.id,
      displayName: successorName(known?.displayName || secret.slice(secret.lastIndexOf('/') + 1), journal.openedAt),
      restrictions,
      ...(auth ? { serviceAccountEmail } : {}),
      annotations: {
        ...carriedAnnotations(known?.annotations ?? {}, policy.carryAnnotations),
        [ROTATION_MARK]: journal.id,
        [SECRET_MARK]: secret,
      },
    }),
  );
  if (!(minted instanceof Fault)) return { kind: 'done', ...learned, ...newKeyOf(minted) };
  if (minted.code === 'limited') return limited(input, minted);
  if (minted.code === 'exists') return { kind: 'refused', why: minted.message };
  // What a person named for this rotation alone cannot be mended in a setting: another request names another account.
  const isForThisOne = auth && journal.mint?.keyServiceAccount !== undefined;
  if (isForThisOne && (minted.code === 'not_found' || minted.code === 'invalid'))
    return { kind: 'refused', why: noSuchAccountText(of, minted.message), learned };
  if (isForThisOne && minted.code === 'denied')
    return { kind: 'unsure', why: notThisAccountText(of, minted.message), hold: true };
  return unsure(minted);
}

/** A full project is refused at once, in words that help; everything else may be a matter of minutes. */
async function limited({ ports, keyProject }: ActInput, refusal: Fault): Promise<Outcome> {
  const keys = await attempt(() => countKeys(ports.issuer, keyProject));
  if (keys instanceof Fault || keys.alive + keys.deleted < KEYS_MAX) return unsure(refusal);
  if (keys.alive >= KEYS_MAX)
    return {
      kind: 'refused',
      why: `project ${keyProject} has ${keys.alive} API keys, and no more are given. ${makeRoomIn(keyProject)}`,
    };
  const why = `project ${keyProject} has ${keys.alive} API keys and ${keys.deleted} deleted ones, which may count for 30 days. ${makeRoomIn(keyProject)}`;
  return { kind: 'unsure', why };
}

function makeRoomIn(project: string): string {
  return `Delete keys that nobody uses (${shellText(LIST_KEYS, { keyProject: project })}), or have keys made in another project: rotate with --key-project PROJECT, or KEY_WARDEN_KEY_PROJECT`;
}

/** An outage of everybody who uses the key for something else, which only a person can know of. */
function tooNarrow(secret: string, lost: readonly string[]): string {
  return `the old key is good for ${lost.join(', ')} too, and an auth key is good for the Gemini API alone, so nothing was minted: give those uses keys of their own, then ${lineFor(ABORT, secret)} and ${lineFor(ROTATE_NARROWER, secret)} (for every rotation: dropTargets in the annotation ${annotationOf('policy')}, or KEY_WARDEN_DROP_TARGETS=on). A standard key keeps them: --standard`;
}
