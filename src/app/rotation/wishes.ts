import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { RESUME, ROLLBACK, ROTATE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { isHeldBusy, type InFlight, type Steered, type Steering } from '../../core/record/journal.ts';
import { isLeakOf, isOpen } from '../../core/rotation/open-leaks.ts';
import { afterAbort, type Asked } from '../../core/rotation/plan.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import { isoOf } from '../../core/values/time.ts';
import type { SecretName, Vault } from '../ports/ports.ts';

/** What a person asked of a rotation in flight, and whether it could be noted. */
export type Asking = { readonly outcome: 'noted' } | { readonly outcome: 'refused'; readonly why: string };

/** Notes in the journal what somebody asks, and who; the next tick takes it up. */
export async function ask(vault: Vault, secret: SecretName, { to: wish, by }: Steered): Promise<Asking> {
  const sighting = await vault.look(secret);
  const { record } = sighting;
  const journal = valueOf(record.rotation);
  if (journal === undefined)
    return {
      outcome: 'refused',
      why: `the annotation ${annotationOf('rotation')} is not in a form this release reads`,
    };
  if (journal.phase === 'resting') return { outcome: 'refused', why: 'no rotation is in flight' };
  const isLeak = isLeakOf(journal, valueOf(record.leaks) ?? []);
  if (wish === 'abort' && afterAbort(journal, sighting.aliases['current']) === undefined) {
    const since = isoOf(journal.promotedAt ?? journal.since);
    const why =
      journal.phase === 'abandoned'
        ? `it is being given up already: when what holds it is mended, ${lineFor(RESUME, secret)}`
        : `consumers read the new key since ${since}${isLeak ? `. ${leakedText(secret)}` : `: to go back, ${lineFor(ROLLBACK, secret)}`}`;
    return { outcome: 'refused', why };
  }
  if (wish === 'rollback' && isLeak && !isBeforePromotion(journal.phase))
    return { outcome: 'refused', why: leakedText(secret) };
  if (wish === 'cut-off-users' && !isHeldBusy(journal))
    return {
      outcome: 'refused',
      why: 'no drain is held because the old key is still used, so there is nobody to cut off',
    };
  const asked: InFlight = { ...askedOf(journal, wish), steered: { to: wish, by } };
  await vault.commit(sighting, { annotations: changeOf(record, { rotation: asked }) });
  return { outcome: 'noted' };
}

function leakedText(secret: SecretName): string {
  return `The earlier key leaked, so nobody goes back to it. For another new key, once this rotation has ended: ${lineFor(ROTATE, secret)}`;
}

/**
 * The journal once somebody asked. Only who names the users that are cut off ends a busy drain; whoever resumes it has it
 * measured again.
 */
export function askedOf(journal: InFlight, wish: Steering): InFlight {
  if (wish !== 'resume' && wish !== 'cut-off-users') return { ...journal, wish };
  const going: InFlight = { ...journal, held: false, tries: 0, notBefore: undefined };
  return wish === 'resume' && isHeldBusy(journal) ? { ...going, drain: undefined } : going;
}

/** What to ask for to go back to the key before the current one; a reason when there is none to go back to. */
export async function rollbackOf(vault: Vault, secret: SecretName): Promise<Asked | string> {
  const { record, aliases } = await vault.look(secret);
  const history = valueOf(record.history);
  const retired = valueOf(record.retired);
  const { current } = aliases;
  const past = history?.find(({ outcome, to }) => outcome === 'completed' && to === current);
  const old = retired?.find(({ version }) => version === past?.from);
  if (current === undefined || past === undefined || old === undefined)
    return 'no earlier key is kept: the last rotation is not on record, or its old key was purged';
  if (old.urgent === true || isOpen(valueOf(record.leaks) ?? [], old.version))
    return `the earlier key leaked, so nobody goes back to it: ${lineFor(ROTATE, secret)}`;
  return {
    reason: 'rollback',
    candidate: 'adopted',
    emergency: false,
    from: old.version,
    to: current,
    fromKey: old.key,
    toKey: past.toKey,
  };
}
