import type { Freeze } from '../../core/record/freeze.ts';
import { annotationOf } from '../../core/record/secret-record.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';
import { bookTrouble } from './book-trouble.ts';

/** The freezes that were set, those that are over too, or why nobody knows. */
export type KnownFreezes = { readonly freezes: readonly Freeze[] } | { readonly unknown: string };

/** Looks them up; never rejects for trouble outside. */
export type LookUpFreezes = () => Promise<KnownFreezes>;

/**
 * Looks on the secret of the worker’s own: nobody who may change one secret is to freeze another, or to lift what holds. What cannot
 * be read is not “none”: a planned rotation waits then, too.
 */
export function freezesOn({ look }: Pick<Vault, 'look'>, book: SecretName | undefined): LookUpFreezes {
  return async () => {
    if (book === undefined) return { freezes: [] };
    const sighting = await attempt(() => look(book));
    if (sighting instanceof Fault) return { unknown: bookTrouble(book, sighting) };
    const { freezes } = sighting.record;
    if (freezes.is === 'read') return { freezes: freezes.value };
    return { unknown: `${book}: the annotation ${annotationOf('freezes')} is not understood: ${freezes.why}` };
  };
}

/** One look for all secrets of a run. */
export function onceLookedUp(look: LookUpFreezes): LookUpFreezes {
  let known: Promise<KnownFreezes> | undefined;
  return () => (known ??= look());
}
