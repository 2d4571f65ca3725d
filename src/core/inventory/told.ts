import { MARKED_MAX, type Marked } from '../record/inventory-told.ts';
import { FINDING_KINDS } from './findings.ts';
import type { SeenKey } from './seen-key.ts';

/** All that a scheduled inventory tells once, the worst first: findings about keys, and that the keys of a project were not listed. */
export const NEWS_KINDS = [...FINDING_KINDS, 'not_listed'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** What is written for each. Memories in the field have them: a new kind gets a new bit, up to the twelfth, and none is given away again. */
const BIT: Readonly<Record<NewsKind, number>> = {
  account_gone: 1,
  account_disabled: 2,
  unrestricted: 4,
  shadow: 8,
  unmanaged: 16,
  legacy: 32,
  unused: 64,
  not_listed: 128,
};

/** What one run has found of a key or a project, and what it could not decide. */
export interface SeenNow {
  readonly mark: string;
  readonly found: readonly NewsKind[];
  readonly undecided: readonly NewsKind[];
}

/** What is new, and what is to be remembered. */
export interface News {
  /** By mark, for those alone that have some. */
  readonly fresh: ReadonlyMap<string, readonly NewsKind[]>;
  readonly told: readonly Marked[];
  /** Findings that are gone: nobody is told, and they are news again when they come back. */
  readonly ended: number;
  /** Marks that found no room, the least bad: nobody is told of their findings until there is. */
  readonly beyond: number;
}

/**
 * What people were not told of yet. What this run could not decide stays as it was remembered, and so does a key that it did not see
 * unless all keys were listed (`whole`): a gap ends nothing, and when it closes nothing is told twice.
 */
export function newsSince(told: readonly Marked[], seen: readonly SeenNow[], whole: boolean): News {
  const before = new Map(told.map(({ mark, bits }) => [mark, bits]));
  const now = new Map(whole ? [] : before);
  let ended = 0;
  for (const { mark, found, undecided } of seen) {
    const was = before.get(mark) ?? 0;
    const decided = maskOf(NEWS_KINDS.filter((kind) => !undecided.includes(kind)));
    // A bit of a later release is nothing that this one decides.
    now.set(mark, maskOf(found) | (was & ~decided));
    ended += kindsIn(was & decided & ~maskOf(found)).length;
  }
  for (const [mark, bits] of before) if (!now.has(mark)) ended += kindsIn(bits).length;
  const ranked = [...now]
    .filter(([, bits]) => bits !== 0)
    .toSorted(([a, one], [b, other]) => rankOf(one, before.has(a)) - rankOf(other, before.has(b)) || (a < b ? -1 : 1));
  const kept = ranked.slice(0, MARKED_MAX);
  const fresh = kept.map(([mark, bits]) => [mark, kindsIn(bits & ~(before.get(mark) ?? 0))] as const);
  return {
    fresh: new Map(fresh.filter(([, kinds]) => kinds.length > 0)),
    told: kept.map(([mark, bits]) => ({ mark, bits })),
    ended,
    beyond: ranked.length - kept.length,
  };
}

/** What two runs at once have told: nothing of it is told again. */
export function bothTold(one: readonly Marked[], other: readonly Marked[]): readonly Marked[] {
  const all = new Map(one.map(({ mark, bits }) => [mark, bits]));
  for (const { mark, bits } of other) all.set(mark, (all.get(mark) ?? 0) | bits);
  return [...all].map(([mark, bits]) => ({ mark, bits })).slice(0, MARKED_MAX);
}

/** Which findings about a key cannot be told to be there or not, because something was not looked at. */
export function undecidedOf({ account, held, kind, lastUse }: SeenKey): readonly NewsKind[] {
  const isHolderUnknown = held.is === 'not_looked';
  return [
    ...(account?.state === 'not_looked' ? (['account_gone', 'account_disabled'] as const) : []),
    ...(isHolderUnknown ? (['shadow', 'unmanaged'] as const) : []),
    ...(kind === 'unknown' ? (['legacy'] as const) : []),
    ...(isHolderUnknown || lastUse.is === 'not_measured' ? (['unused'] as const) : []),
  ];
}

function maskOf(kinds: readonly NewsKind[]): number {
  return kinds.reduce((bits, kind) => bits | BIT[kind], 0);
}

function kindsIn(bits: number): readonly NewsKind[] {
  return NEWS_KINDS.filter((kind) => (bits & BIT[kind]) !== 0);
}

/** The worst first; among those alike whoever has room keeps it. */
function rankOf(bits: number, hasRoom: boolean): number {
  const worst = NEWS_KINDS.findIndex((kind) => (bits & BIT[kind]) !== 0);
  return (worst === -1 ? NEWS_KINDS.length : worst) * 2 + (hasRoom ? 0 : 1);
}
