import type { Outcome } from '../../core/advance.ts';
import type { JsonRecord } from '../../core/json.ts';
import type { KeyText } from '../../core/key-text.ts';
import { lintStoredBytes } from '../../core/secret-text.ts';
import { attempt, Fault } from '../fault.ts';
import type { IssuedKey, Issuer } from '../ports.ts';
import { ROTATION_MARK, SECRET_MARK } from '../key-marks.ts';
import { unsure, type Scene } from './scene.ts';

const GEMINI_ONLY: JsonRecord = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };

/** Makes a key with the restrictions of the old one. Its id is the rotation's, so that asking again gives the same key. */
export async function mint(scene: Scene): Promise<Outcome> {
  const { ports, journal, secret, mint: policy, keyProject } = scene;
  const old = await attempt(() => oldKey(scene));
  if (old instanceof Fault) return unsure(old);
  const auth = policy.keyKind !== 'standard';
  const serviceAccountEmail = policy.keyServiceAccount ?? old?.serviceAccountEmail;
  if (auth && serviceAccountEmail === undefined) return { kind: 'refused', why: NO_ACCOUNT };
  const minted = await attempt(() =>
    ports.issuer.mint({
      project: keyProject,
      keyId: journal.id,
      displayName: secret.slice(secret.lastIndexOf('/') + 1).slice(0, DISPLAY_NAME_MAX),
      restrictions: old?.restrictions ?? GEMINI_ONLY,
      ...(auth ? { serviceAccountEmail } : {}),
      annotations: { [ROTATION_MARK]: journal.id, [SECRET_MARK]: secret },
    }),
  );
  if (!(minted instanceof Fault)) {
    const fromKey = old === undefined ? undefined : { name: old.name, uid: old.uid };
    return { kind: 'done', fromKey, toKey: { name: minted.name, uid: minted.uid } };
  }
  const refused = minted.code === 'limited' || minted.code === 'exists';
  return refused ? { kind: 'refused', why: minted.message } : unsure(minted);
}

const DISPLAY_NAME_MAX = 63;

/** The issuer would make a standard key instead, of a type that Google is about to stop accepting. */
const NO_ACCOUNT =
  'an auth key is bound to a service account, and neither the old key nor the policy names one: rotate with --service-account EMAIL, set KEY_WARDEN_KEY_SERVICE_ACCOUNT, or ask for a key of the old type with --standard';

/** The issuer's record of the key that consumers read now; `undefined` when it is not one of the project's keys. */
async function oldKey({ ports, secret, journal, keyProject }: Scene): Promise<IssuedKey | undefined> {
  const reading = await attempt(() => ports.vault.read(secret, journal.from));
  if (reading instanceof Fault) {
    if (reading.code === 'disabled' || reading.code === 'destroyed' || reading.code === 'corrupt') return undefined;
    throw reading;
  }
  const { key } = lintStoredBytes(reading.bytes);
  return key === undefined ? undefined : findKey(ports.issuer, keyProject, key);
}

/**
 * Finds a key by comparing key strings. The API's own look-up would put the key into a URL, which gets logged; a
 * project has at most 300 keys.
 */
async function findKey(issuer: Issuer, project: string, key: KeyText): Promise<IssuedKey | undefined> {
  for await (const issued of issuer.list(project, false)) {
    if ((await issuer.keyString(issued.name)).equals(key)) return issued;
  }
  return undefined;
}
