import type { Outcome } from '../../../core/rotation/advance.ts';
import { notForRotation } from '../../../core/alerts/not-for-rotation.ts';
import { projectIn } from '../../../core/google/resource-names.ts';
import { ABORT } from '../../../core/causes/commands.ts';
import { lineFor } from '../../../core/causes/names.ts';
import { formText, heldKeyIn, storedFormOf, type StoredForm } from '../../../core/key/stored-form.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { lintStoredBytes } from '../../../core/key/stored-bytes.ts';
import type { LintFinding } from '../../../core/key/lint-finding.ts';
import { attempt, Fault, isUnreadable } from '../../ports/fault.ts';
import type { SecretName } from '../../ports/ports.ts';
import { unsure, type ActInput } from './act-input.ts';
import { contentsFor, type Contents } from '../run-memory.ts';

/** What a version holds; `undefined` for one that nobody can read any more. Rejects with `Fault`. */
async function storedValue(contents: Contents, secret: SecretName, version: number): Promise<Uint8Array | undefined> {
  const reading = await attempt(() => contents.read(secret, version));
  if (!(reading instanceof Fault)) return reading.bytes;
  if (isUnreadable(reading)) return undefined;
  throw reading;
}

/** How a version's value is made up; `undefined` for one that nobody can read any more. Rejects with `Fault`. */
export async function formOfVersion(
  contents: Contents,
  secret: SecretName,
  version: number,
  keyField: string | undefined,
): Promise<StoredForm | undefined> {
  const value = await storedValue(contents, secret, version);
  return value === undefined ? undefined : storedFormOf(value, keyField);
}

/**
 * The bytes of the new version: what consumers read, with the new key in the old one’s place (I11), or the key alone
 * where a person asked for that. Held where it cannot be either: only a person can say what consumers expect.
 */
export async function payloadFor(input: ActInput, key: KeyText): Promise<Uint8Array | Outcome> {
  const { ports, secret, journal, mint } = input;
  if (journal.alone !== undefined) return new TextEncoder().encode(key.reveal());
  const stored = await attempt(() => formOfVersion(contentsFor(ports), secret, journal.from, mint.keyField));
  if (stored instanceof Fault) return unsure(stored);
  if (stored?.is === 'kept') return stored.holding(key);
  return { kind: 'unsure', why: notForRotation(secret, projectIn(secret), journal.from, stored), hold: true };
}

/**
 * The key in a version that somebody added, if it stands there as it does in what consumers read. A fault that the old
 * value does not have, such as a newline, is refused; one that it has is theirs to keep. Another form is held: whether
 * consumers can read it, only a person knows.
 */
export async function adoptedKey(input: ActInput, to: number, added: Uint8Array): Promise<KeyText | Outcome> {
  const { ports, secret, journal, mint } = input;
  const { from } = journal;
  const old = await attempt(() => storedValue(contentsFor(ports), secret, from));
  if (old instanceof Fault) return unsure(old);
  const [is, was] = [
    storedFormOf(added, mint.keyField),
    old === undefined ? undefined : storedFormOf(old, mint.keyField),
  ];
  const key = heldKeyIn(added, mint.keyField);
  const { findings } = lintStoredBytes(added);
  if (key === undefined) return unclean(to, findings);
  if (was?.is === 'kept' && (is.is !== 'kept' || formText(is.form) !== formText(was.form))) {
    const looks = is.is === 'kept' ? `is ${formText(is.form)}` : is.says;
    const why =
      `version ${to} is not made up like version ${from}, which consumers read: that is ${formText(was.form)}, and this ${looks}. If consumers can read it, ` +
      `make it current by hand, which is followed. If not, add a version of the old form, then: ${lineFor(ABORT, secret)}`;
    return { kind: 'unsure', why, hold: true };
  }
  const before = old === undefined ? [] : lintStoredBytes(old).findings.map(({ kind }) => kind);
  const news = findings.filter(({ kind }) => !before.includes(kind));
  return news.length === 0 ? key : unclean(to, news);
}

function unclean(version: number, findings: readonly LintFinding[]): Outcome {
  return {
    kind: 'refused',
    why: `version ${version} holds no clean key: ${findings.map(({ says }) => says).join('; ')}`,
    learned: { passOver: [version] },
  };
}
