import { keyKindOf } from '../../core/key/key-text.ts';
import type { AccountState } from './accounts.ts';
import type { Identities } from './identities.ts';
import type { Condition, KeyState, Reach } from './key-states.ts';
import { GEMINI_ALONE, violationOf, type KeyRestrictions, type Surroundings } from './restrictions.ts';

export type IssuedKind = 'standard' | 'auth';

/** A key of the pretend cloud: what the issuer knows of it, and how the Gemini API has been told to treat it. */
export interface GeminiKey {
  readonly keyString: string;
  /** What Monitoring names the key by, `apikey:<uid>`. Equals `keyId` only for keys the server named. */
  readonly uid: string;
  readonly keyId: string;
  /** Project number. */
  readonly project: string;
  readonly kind: IssuedKind;
  readonly createdAt: number;
  /** Until then a freshly made key is refused. */
  readonly worksFrom: number;
  readonly state: KeyState;
  /** Set to let a state spoil more or fewer calls than it would in production. */
  readonly reach?: Reach | undefined;
  readonly deletedAt?: number | undefined;
  readonly updatedAt: number;
  /** Counts writes; the etag is made of it. */
  readonly edition: number;
  readonly displayName?: string | undefined;
  readonly serviceAccountEmail?: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly restrictions: KeyRestrictions;
}

/** How long production takes to notice a change, where it was measured or reported. Milliseconds. */
export interface Propagation {
  /** A new key is refused this long; minutes were reported, a minute is the default here. */
  readonly newKeyMs: number;
  /** How a new standard key is refused: both were reported. */
  readonly newKeyAnswer: 'expired' | 'not_found';
  /** A deleted standard key flaps for a time between these two; 8 and 23 minutes were measured. */
  readonly deletedStandardMs: readonly [number, number];
  /** A deleted auth key goes on working this long; about a minute was measured. */
  readonly deletedAuthMs: number;
}

const MINUTE_MS = 60_000;

export const MEASURED_PROPAGATION: Propagation = {
  newKeyMs: MINUTE_MS,
  newKeyAnswer: 'expired',
  deletedStandardMs: [8 * MINUTE_MS, 23 * MINUTE_MS],
  deletedAuthMs: MINUTE_MS,
};

/** All Gemini keys, whichever way they came: issued by the API Keys service or put there by a test. */
export interface Keyring {
  /** Adds a key that works from `worksFrom` on. */
  issue(draft: KeyDraft, now: number): GeminiKey;
  /** Makes a key string answer as `state` says from now on; unknown strings become keys of `project` for Gemini alone. */
  put(keyString: string, state: KeyState, options: PutOptions, now: number): GeminiKey;
  /** Replaces the issuer's fields of a key and counts its edition up. */
  change(uid: string, change: KeyChange, now: number): GeminiKey | undefined;
  /** Forgets for good the keys that were deleted by then, as 30 days after their deletion. Asked at every request, so it looks at deleted keys alone. */
  purgeDeletedBy(then: number): void;
  byString(keyString: string): GeminiKey | undefined;
  /** The project that a purged key belonged to. */
  purgedFrom(keyString: string): string | undefined;
  all(): readonly GeminiKey[];
  /** What the Gemini API makes of a key string now; the key itself when there is one. */
  conditionOf(keyString: string, surroundings: Surroundings, now: number): Judged;
}

export interface Judged {
  readonly condition: Condition;
  readonly key?: GeminiKey;
}

interface PutOptions {
  readonly project: string;
  readonly kind?: IssuedKind;
  readonly reach?: Reach | undefined;
  readonly serviceAccountEmail?: string;
  readonly keyId?: string;
  readonly restrictions?: KeyRestrictions;
}

/** What the API Keys service decides about a new key. */
type KeyDraft = Pick<GeminiKey, 'project' | 'kind' | 'annotations' | 'restrictions'> &
  Partial<Pick<GeminiKey, 'keyId' | 'displayName' | 'serviceAccountEmail'>>;

/** What a later write may change. A field that is present but `undefined` is removed. */
export type KeyChange = Partial<Pick<GeminiKey, 'displayName' | 'annotations' | 'restrictions' | 'deletedAt'>>;

/** How the Gemini API takes keys that are in order themselves. */
export interface KeyRules {
  /** A standard key without an API target. */
  readonly unrestricted: () => Condition;
  readonly accountState: (email: string) => AccountState;
}

const EVERY_KEY_WORKS: KeyRules = { unrestricted: () => 'works', accountState: () => 'active' };

/** An empty keyring. */
export function keyring(identities: Identities, propagation: Propagation, rules = EVERY_KEY_WORKS): Keyring {
  const keys = new Map<string, GeminiKey>();
  const asked = new Map<string, number>();
  const uids = new Map<string, string>();
  const deleted = new Set<string>();
  const purged = new Map<string, string>();
  const byString = (keyString: string): GeminiKey | undefined => keys.get(uids.get(keyString) ?? '');
  const keep = (key: GeminiKey): GeminiKey => {
    keys.set(key.uid, key);
    uids.set(key.keyString, key.uid);
    if (key.deletedAt === undefined) deleted.delete(key.uid);
    else deleted.add(key.uid);
    return key;
  };
  const born = (now: number) => ({ createdAt: now, updatedAt: now, edition: 1 });

  return {
    issue(draft, now) {
      const uid = identities.uuid();
      const fresh = { ...born(now), worksFrom: now + propagation.newKeyMs, state: 'works' as const };
      return keep({ ...fresh, ...draft, uid, keyId: draft.keyId ?? uid, keyString: identities.keyString(draft.kind) });
    },
    put(keyString, state, options, now) {
      const known = byString(keyString);
      if (known !== undefined) return keep({ ...known, state, reach: options.reach, worksFrom: known.createdAt });
      const uid = identities.uuid();
      const kind = options.kind ?? issuedKindOf(keyString);
      const issuer = {
        uid,
        keyId: options.keyId ?? uid,
        annotations: {},
        restrictions: options.restrictions ?? GEMINI_ALONE,
      };
      const { project, reach, serviceAccountEmail: account } = options;
      const bound = account === undefined ? {} : { serviceAccountEmail: account };
      return keep({ ...born(now), ...issuer, ...bound, worksFrom: now, keyString, state, project, kind, reach });
    },
    change(uid, change, now) {
      const known = keys.get(uid);
      return known && keep({ ...known, ...change, updatedAt: now, edition: known.edition + 1 });
    },
    purgeDeletedBy(then) {
      for (const uid of deleted) {
        const gone = keys.get(uid);
        if (gone?.deletedAt === undefined || gone.deletedAt > then) continue;
        purged.set(gone.keyString, gone.project);
        keys.delete(uid);
        deleted.delete(uid);
      }
    },
    purgedFrom: (keyString) => purged.get(keyString),
    byString,
    all: () => [...keys.values()],
    conditionOf(keyString, surroundings, now) {
      const key = byString(keyString);
      if (key === undefined) return { condition: refusedAs(issuedKindOf(keyString), 'invalid') };
      const turn = (asked.get(key.uid) ?? 0) + 1;
      asked.set(key.uid, turn);
      return { key, condition: condition(key, surroundings, now, turn) };
    },
  };

  function condition(key: GeminiKey, surroundings: Surroundings, now: number, turn: number): Condition {
    const gone = refusedAs(key.kind, 'not_found');
    if (key.deletedAt !== undefined && !stillAnswers(key, key.deletedAt, now)) return gone;
    if (key.state === 'flapping') return turn % 2 === 1 ? 'works' : gone;
    if (key.state === 'flapping_by_minute') return Math.floor(now / MINUTE_MS) % 2 === 0 ? 'works' : gone;
    if (key.state !== 'works') return key.state;
    if (now < key.worksFrom) return refusedAs(key.kind, propagation.newKeyAnswer);
    const { serviceAccountEmail: account } = key;
    if (account !== undefined && rules.accountState(account) !== 'active') return 'account_disabled';
    const unrestricted = key.kind === 'standard' && key.restrictions.apiTargets.length === 0;
    const taken = unrestricted ? rules.unrestricted() : 'works';
    if (taken !== 'works') return taken;
    return violationOf(key.restrictions, surroundings) ?? 'works';
  }

  /** Success swings from minute to minute until the lag is over (measured on production, May 2026). */
  function stillAnswers(key: GeminiKey, deletedAt: number, now: number): boolean {
    const gone = now - deletedAt;
    if (key.kind === 'auth') return gone < propagation.deletedAuthMs;
    const [least, most] = propagation.deletedStandardMs;
    const lag = least + (most - least) * identities.fraction('lag', key.uid, deletedAt);
    const minute = Math.floor(gone / MINUTE_MS);
    const answersThisMinute = minute === 0 || identities.fraction('minute', key.uid, minute) < 0.6;
    return gone < lag && answersThisMinute;
  }
}

/** Garbage is treated like a standard key (measured, September 2026). */
function issuedKindOf(keyString: string): IssuedKind {
  return keyKindOf(keyString) === 'auth' ? 'auth' : 'standard';
}

/** A refused auth key answers 401 whatever is wrong with it; a standard key names the fault. */
function refusedAs(kind: IssuedKind, standard: 'invalid' | 'not_found' | 'expired'): Condition {
  return kind === 'auth' ? 'auth_refused' : standard;
}
