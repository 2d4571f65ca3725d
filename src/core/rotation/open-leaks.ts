import type { InFlight, Journal } from '../record/journal.ts';
import { keyOnRecord } from '../record/key-on-record.ts';
import { canHoldLeak, type Leak } from '../record/leaks.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import type { Instant } from '../values/time.ts';

/**
 * The open leaks after a commit of the journal (I18): an emergency opens its own in the very commit that begins or hurries
 * it, and the end of one leaves it open, whether the rotation came to something or not.
 */
export function leaksAfter(before: Journal, after: Journal, leaks: readonly Leak[], now: Instant): readonly Leak[] {
  if (after.phase !== 'resting') {
    const began = before.phase === 'resting' || !before.emergency;
    return began && leaksItsKey(after) ? withLeak(leaks, { version: after.from, at: now, told: 0 }) : leaks;
  }
  if (before.phase === 'resting' || !leaksItsKey(before)) return leaks;
  const { from, fromKey, openedAt, phase } = before;
  // A record that an earlier release began has none yet.
  const open = withLeak(leaks, { version: from, at: openedAt, told: 0 });
  // The list of old keys names it once it is retired.
  if (fromKey === undefined || phase === 'drained') return open;
  return open.map((leak) => (leak.version === from ? { ...leak, key: fromKey.name } : leak));
}

/** The open leaks once somebody said that the key of a version leaked, where no rotation can begin; without room it is not added. */
export function leaksOnceSaid(leaks: readonly Leak[], version: number, now: Instant): readonly Leak[] {
  return withLeak(leaks, { version, at: now, told: 0 });
}

/**
 * The open leaks of a secret with the names of their keys, wherever the record has them; with them the one that its rotation alone
 * says, because the list has no room for it. `undefined` where the list is in a form this release does not read.
 */
export function openLeaksIn(record: SecretRecord): readonly Leak[] | undefined {
  const [leaks, journal] = [valueOf(record.leaks), valueOf(record.rotation)];
  if (leaks === undefined) return undefined;
  const isUnlisted =
    journal !== undefined && journal.phase !== 'resting' && leaksItsKey(journal) && !isOpen(leaks, journal.from);
  const all = isUnlisted ? [...leaks, { version: journal.from, at: journal.openedAt, told: 0 }] : leaks;
  return all.map((leak) => ({ ...leak, key: leak.key ?? keyOnRecord(record, leak.version)?.name }));
}

/** The name that a leak is written with: none where the record has it elsewhere. */
export function nameToWrite({ version, key }: Pick<Leak, 'version' | 'key'>, record: SecretRecord): string | undefined {
  return keyOnRecord(record, version)?.name === key ? undefined : key;
}

/** The open leaks once people were told of one by somebody who deletes its key; without room for it none is added. */
export function toldOfLeak(
  leaks: readonly Leak[],
  { version, key }: Pick<Leak, 'version' | 'key'>,
  now: Instant,
): { readonly leak: Leak; readonly leaks: readonly Leak[] } {
  const { at, refusedSince, told } = leaks.find((one) => one.version === version) ?? { at: now, told: 0 };
  const leak: Leak = { version, key, at, refusedSince, toldAt: now, told: told + 1 };
  return { leak, leaks: withLeak(leaks, leak).map((one) => (one.version === version ? leak : one)) };
}

/** Whether the list has room for what an ending rotation leaves open; without it the journal stays, which says the same. */
export function canKeepLeak(journal: InFlight, leaks: readonly Leak[]): boolean {
  const { from, fromKey, openedAt, phase } = journal;
  const name = phase === 'drained' ? undefined : fromKey?.name;
  if (!leaksItsKey(journal) || isOpen(leaks, from)) return true;
  return canHoldLeak({ version: from, key: name, at: openedAt, told: 0 }, leaks);
}

/** Whether the key of a version leaked and is not proven dead. */
export function isOpen(leaks: readonly Leak[], version: number): boolean {
  return leaks.some((leak) => leak.version === version);
}

/** Whether the key that a rotation replaces leaked: by its own word, or by a leak that is open. Nobody goes back to such a key. */
export function isLeakOf({ emergency, from }: InFlight, leaks: readonly Leak[]): boolean {
  return emergency || isOpen(leaks, from);
}

/** A second leak of one version is the first: what is known of it stays. */
function withLeak(leaks: readonly Leak[], leak: Leak): readonly Leak[] {
  return isOpen(leaks, leak.version) || !canHoldLeak(leak, leaks) ? leaks : [...leaks, leak];
}

function leaksItsKey({ emergency, keepOld }: InFlight): boolean {
  return emergency && keepOld !== true;
}
