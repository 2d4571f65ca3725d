import { unreadableIn } from '../../core/alerts/unreadable-annotation.ts';
import { putAside } from '../../core/record/put-aside.ts';
import type { Log, SecretSighting, Vault } from '../ports/ports.ts';

/**
 * An emergency does not wait for somebody who can read an annotation: what this release does not understand is kept under
 * another name, and the secret counts as one that was never rotated. Where there is no room for both, the text is dropped, and
 * the log says so. Rejects with `Fault`.
 */
export async function readableFor(
  { vault, log }: { readonly vault: Vault; readonly log: Log },
  sighting: SecretSighting,
): Promise<SecretSighting> {
  const unreadable = unreadableIn(sighting.record);
  if (unreadable.length === 0) return sighting;
  const { annotations, keptAs } = putAside(sighting, unreadable);
  const readable = await vault.commit(sighting, { annotations });
  const what = `${unreadable.join(', ')} of ${sighting.name} could not be read and was`;
  const where =
    keptAs.length > 0 ? `put aside as ${keptAs.join(', ')}` : 'removed, for which there was no room elsewhere';
  log.write('WARNING', `${what} ${where}: this is an emergency`, { secret: sighting.name });
  return readable;
}
