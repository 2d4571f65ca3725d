import type { InFlight, Opening } from '../record/journal.ts';
import { noteOf } from './begin-rotation.ts';

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
  const free = { held: false, tries: 0, notBefore: undefined, why: undefined };
  const words = { note: noteOf(note) ?? journal.note, by: by ?? journal.by };
  return { ...journal, ...free, ...words, emergency: true, reason: 'leaked' };
}
