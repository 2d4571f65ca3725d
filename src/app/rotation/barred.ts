import { changeOf } from '../../core/record/secret-record.ts';
import type { Opening, Rest } from '../../core/record/journal.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { isOpen, leaksOnceSaid } from '../../core/rotation/open-leaks.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';
import type { Barred } from './form-gate.ts';
import type { Step } from './tick.ts';

/** A rotation that may not begin, and what is on record. */
interface NotBegun {
  readonly opening: Opening;
  readonly journal: Rest;
  readonly leaks: readonly Leak[];
  readonly now: Instant;
}

/**
 * A rotation that may not begin writes nothing, but for this: that the key leaked is on record from the moment that somebody
 * says so, whether its successor can be made or not (I18). One write, under the etag.
 */
export async function notBegun(
  vault: Vault,
  sighting: SecretSighting,
  { why, isLeakKept }: Barred,
  { opening, journal, leaks, now }: NotBegun,
): Promise<Step> {
  if (!opening.emergency || isLeakKept !== true) return { did: 'held', why, journal };
  const said = leaksOnceSaid(leaks, opening.from, now);
  const kept = isOpen(said, opening.from)
    ? 'is on record until its key is dead'
    : `is not on record: ${leaks.length} others are, whose keys are not proven dead, and there is no room for one more`;
  const held = { did: 'held', why: `${why}. The leak of version ${opening.from} ${kept}`, journal } as const;
  const annotations = changeOf(sighting.record, { leaks: said });
  if (Object.keys(annotations).length === 0) return held;
  const done = await attempt(() => vault.commit(sighting, { annotations }));
  if (!(done instanceof Fault)) return held;
  if (done.code === 'stale') return { did: 'lost', why: done.message };
  throw done;
}
