import type { GeminiReach } from '../google/key-restrictions.ts';
import type { KeyKind } from '../key/key-text.ts';
import { DAY_MS, elapsedMs, plusMs, type Instant } from '../values/time.ts';
import type { Usage } from '../rotation/rhythm.ts';

/** A version of a secret that holds a key. */
export interface HeldAt {
  readonly secret: string;
  readonly version: number;
  /** The names by which it is read; without one only whoever wrote its number down reads it. */
  readonly readAs: readonly string[];
  readonly managed: boolean;
}

/** Who holds a key, as far as that was looked for: what was not looked at is never taken for nobody. */
export type Held =
  | { readonly is: 'held'; readonly places: readonly HeldAt[] }
  /** A rotation of this secret made or replaced it, and no version that can be read holds it: the purge ends it. */
  | { readonly is: 'kept_for_purge'; readonly secret: string }
  | { readonly is: 'nobody' }
  | { readonly is: 'not_looked'; readonly why: string };

/** When a key was last used, as Cloud Monitoring counts it. */
export type LastUse =
  /** The end of the last hour with a request. */
  | { readonly is: 'used'; readonly at: Instant }
  | { readonly is: 'unused'; readonly since: Instant }
  | { readonly is: 'not_measured'; readonly why: string };

/** How the account of a key stands. */
export type AccountState = 'enabled' | 'disabled' | 'gone' | 'not_looked';

/** A key that can reach the Gemini API, and all that an inventory has seen of it: never the key itself. */
export interface SeenKey {
  /** At its issuer. */
  readonly name: string;
  readonly uid: string;
  readonly displayName: string;
  /** As it was asked for. */
  readonly project: string;
  readonly kind: KeyKind;
  readonly reach: GeminiReach;
  /** The account that it is bound to. */
  readonly account?: { readonly email: string; readonly state: AccountState } | undefined;
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  readonly held: Held;
}

/** Cloud Monitoring keeps the use of a key for six weeks; the window stays within them. */
export const USE_DAYS = 41;

/** From when on the use of a key is asked for. */
export function useAskedSince(now: Instant): Instant {
  return plusMs(now, -USE_DAYS * DAY_MS);
}

/**
 * What the counts of the last six weeks say. A key that is bound to an account may be counted under that: where Monitoring never
 * saw it at all, nothing is known of it, and it is not called unused.
 */
export function lastUseOf(
  usage: Usage,
  { createdAt, isBound }: { readonly createdAt: Instant; readonly isBound: boolean },
  now: Instant,
): LastUse {
  if (!usage.known) return { is: 'not_measured', why: usage.why };
  const last = usage.hours.at(-1);
  if (last !== undefined) return { is: 'used', at: last.endsAt };
  if (isBound && usage.seenSince === undefined)
    return {
      is: 'not_measured',
      why: 'it is bound to an account, and Cloud Monitoring has no count under its own name',
    };
  const asked = useAskedSince(now);
  return { is: 'unused', since: createdAt > asked ? createdAt : asked };
}

/** Whether a key that nobody holds is older than the time that somebody takes to store a new one. */
export function isSettled({ createdAt }: SeenKey, now: Instant): boolean {
  return elapsedMs(createdAt, now) >= DAY_MS;
}

/** Whether a key is at least as old as the time for which its use is known, and was used in none of it. */
export function isLongUnused({ lastUse, createdAt }: SeenKey, now: Instant): boolean {
  return lastUse.is === 'unused' && elapsedMs(createdAt, now) >= USE_DAYS * DAY_MS;
}
