import type { InFlight, Opening } from '../record/journal.ts';
import { noteOf } from './begin-rotation.ts';
import type { DeadKey } from './dead-key.ts';
import { isBeforePromotion } from './rotation.ts';

/**
 * A rotation in flight once somebody says that it is an emergency: it drains no longer, whatever held it, and the old key
 * is deleted at once. `undefined` where that asks for something else: a key of their own, or while it is going back.
 */
export function asEmergency(
  journal: InFlight,
  { emergency, candidate, note, by }: Omit<Opening, 'from'>,
): InFlight | undefined {
  const { phase } = journal;
  if (!emergency || journal.emergency || candidate !== 'minted') return undefined;
  if (phase === 'reverting' || phase === 'abandoned') return undefined;
  // What was wished before is no wish for a key that leaked.
  const free = { held: false, tries: 0, notBefore: undefined, why: undefined, wish: undefined };
  const words = { note: noteOf(note) ?? journal.note, by: by ?? journal.by };
  return { ...journal, ...free, ...words, emergency: true, reason: 'leaked' };
}

/**
 * An ordinary rotation whose old key a check found leaked, as the emergency that it is from then on. `dead` is what is on
 * record of the key that consumers read, which is the old one until the promotion. One that is held waits for its person.
 */
export function onceLeaked(journal: InFlight, dead: DeadKey | undefined): InFlight | undefined {
  if (dead !== 'leaked' || journal.held || !isBeforePromotion(journal.phase)) return undefined;
  return asEmergency(journal, { reason: 'leaked', candidate: 'minted', emergency: true });
}

/**
 * Whether an emergency ends while the leaked key is alive, and nobody but a person ends that: nobody knows where it was made, or
 * the rotation is given up and consumers go on reading it.
 */
export function leavesLeak({ phase, emergency, keepOld, fromKey }: InFlight): boolean {
  return emergency && keepOld !== true && (phase !== 'drained' || fromKey === undefined);
}
