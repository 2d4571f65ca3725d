import { valueOf } from '../../core/record/part.ts';
import { CAUSES } from '../../core/causes/causes.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { ROLLBACK } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { forbidden, NO_TOMBSTONES } from '../../core/record/tombstones.ts';
import { tombstoneOf } from '../keys/tombstone.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { lintStoredBytes } from '../../core/key/stored-bytes.ts';
import { holdsKey } from '../../core/key/stored-form.ts';
import { spokenMinute } from '../../core/values/time.ts';
import { probeConfirmed, readAsOf, type InspectPorts } from '../probe/probe-secret.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';

/**
 * A key that somebody hands over: taken, refused, not to be judged now, or `already` what a rotation gave to consumers,
 * so that the same command may be given twice. Only one that is taken is ever written.
 */
export type Supply =
  | { readonly key: KeyText }
  | { readonly refused: string }
  | { readonly undecided: string }
  | { readonly already: string };

/**
 * Looks at a key before a rotation is begun with it: the bytes must be clean, it must not be the one that consumers
 * read already, and it must do the job, deep. Rejects with `Fault` when the secret cannot be looked at.
 */
export async function examineSupply(
  ports: InspectPorts,
  secret: SecretName,
  { bytes, emergency }: { readonly bytes: Uint8Array; readonly emergency: boolean },
  policy: CheckPolicy,
): Promise<Supply> {
  const { key, findings } = lintStoredBytes(bytes);
  if (key === undefined || findings.length > 0) {
    return {
      refused: `what was supplied is no clean key: ${findings.map(({ says }) => says).join('; ')} (printf %s "$KEY" adds nothing)`,
    };
  }
  const sighting = await ports.vault.look(secret);
  const current = await ports.vault.read(secret, readAsOf(sighting));
  if (holdsKey(current.bytes, key)) {
    const why = `this is the key that consumers read already (version ${current.number}`;
    const by = promotionOf(sighting, current.number, emergency);
    return by === undefined ? { refused: `${why})` } : { already: `${why}, ${by})` };
  }
  const retired = forbidden(valueOf(sighting.record.tombstones) ?? NO_TOMBSTONES, tombstoneOf(sighting.name, key));
  if (retired !== undefined)
    return {
      refused: `this is ${retired}: to go back to the key before the current one, ${lineFor(ROLLBACK, secret)}`,
    };
  const { diagnosis, depth, notes } = await probeConfirmed(ports, key, policy, true);
  const why = `${CAUSES[diagnosis.cause].title}: ${diagnosis.message}`;
  switch (diagnosis.verdict) {
    case 'works':
      return depth === 'deep' ? { key } : { undecided: notes.join('; ') };
    case 'dead':
    case 'blocked':
      return { refused: why };
    case 'throttled':
    case 'unclear':
      return { undecided: why };
  }
}

/**
 * The rotation that made the version current, if it was the last and of the kind that is asked for: who hands over a key
 * in an emergency wants the one that consumers read to go.
 */
function promotionOf({ record }: SecretSighting, version: number, emergency: boolean): string | undefined {
  const journal = valueOf(record.rotation);
  if (journal === undefined) return undefined;
  if (journal.phase !== 'resting') {
    const promoted = (journal.phase === 'promoted' || journal.phase === 'drained') && journal.to === version;
    return promoted && (journal.emergency || !emergency) ? `by rotation ${journal.id}, still under way` : undefined;
  }
  const [past] = valueOf(record.history) ?? [];
  const done = past?.outcome === 'completed' && past.to === version && (past.reason === 'leaked' || !emergency);
  return done ? `by rotation ${past.id}, which ended ${spokenMinute(past.at)}` : undefined;
}
