import type { WideSilence } from '../../core/record/wide-silence.ts';
import { annotationOf } from '../../core/record/secret-record.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Log, SecretName, Vault } from '../ports/ports.ts';
import { bookTrouble } from './book-trouble.ts';

/**
 * The silences that are about more than one secret, those that are over for some days too. They stand on a secret of the worker’s own, for
 * nobody who may change one secret is to silence another. What cannot be read silences nothing, and is told in the log.
 */
export async function wideSilencesIn(
  { vault, log }: { readonly vault: Pick<Vault, 'look'>; readonly log: Log },
  book: SecretName | undefined,
): Promise<readonly WideSilence[]> {
  if (book === undefined) return [];
  const sighting = await attempt(() => vault.look(book));
  if (sighting instanceof Fault) {
    log.write(
      'WARNING',
      `which outages, causes and projects are silenced is not known: ${bookTrouble(book, sighting)}`,
    );
    return [];
  }
  const { wideSilences } = sighting.record;
  if (wideSilences.is === 'read') return wideSilences.value;
  log.write('WARNING', `${book}: the annotation ${annotationOf('wideSilences')} is ignored: ${wideSilences.why}`);
  return [];
}
