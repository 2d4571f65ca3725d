import { EARLY, spaceMissing, type Space, type Spacious } from '../record/space.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** What is about to take a secret away from its consumers or from us, or has. */
export const RISKS = [
  'label_removed',
  'expires',
  'annotations_full',
  'aliases_full',
  'current_removed',
  'current_missing',
  'current_contested',
  'unwritable',
  'current_leaked',
  'no_account',
  'shared_key_dies',
  'shared_key_deleted',
  'consumers_kept',
] as const;
export type Risk = (typeof RISKS)[number];

/** One risk of one secret. */
export type SecretRisk =
  | { readonly because: 'label_removed' | 'no_account' }
  | { readonly because: 'expires'; readonly at: Instant }
  /** The version that the alias was put back on, is missing from, or was moved to by a tool. */
  | {
      readonly because: 'current_removed' | 'current_missing' | 'current_contested' | 'current_leaked';
      readonly version: number;
    }
  | { readonly because: 'annotations_full' | 'aliases_full'; readonly space: Space }
  /** Its leaked key is deleted by then although others serve it, or now. */
  | { readonly because: 'shared_key_dies'; readonly key: string; readonly at: Instant; readonly holders: string }
  | { readonly because: 'shared_key_deleted'; readonly key: string; readonly holders: string }
  /** Consumers that a rotation should have brought the new key. */
  | { readonly because: 'consumers_kept'; readonly why: string }
  /** Not even what becomes of its rotation can be recorded. */
  | { readonly because: 'unwritable'; readonly why: string };

/** So long before Secret Manager deletes a secret people are told, every day. */
const EXPIRY_DAYS = 30;

/** What a managed secret is about to run out of. */
export function risksOf(
  secret: Spacious & { readonly expiresAt?: Instant | undefined },
  now: Instant,
): readonly SecretRisk[] {
  const { expiresAt } = secret;
  const space = spaceMissing(secret, EARLY);
  return [
    ...(expiresAt !== undefined && elapsedMs(now, expiresAt) < EXPIRY_DAYS * DAY_MS
      ? [{ because: 'expires', at: expiresAt } as const]
      : []),
    ...aliasRisk(secret),
    ...(space === undefined ? [] : [{ because: `${space.of}_full`, space } as const]),
  ];
}

/** What stands until somebody has mended it; that the alias was put back is told once, when it was done. */
function aliasRisk({ aliases, record }: Spacious): readonly SecretRisk[] {
  const last = valueOf(record.lastCurrent);
  const { current } = aliases;
  if (last?.is === 'missing' && current === undefined) return [{ because: 'current_missing', version: last.version }];
  if (current === undefined || current !== last?.version) return [];
  if (last.is === 'leaked') return [{ because: 'current_leaked', version: current }];
  return last.is === 'contested' ? [{ because: 'current_contested', version: current }] : [];
}

/** Whether a secret without the label was under care: a rotation leaves a history, and `init` says when it put the label there. */
export function wasManaged({ managedSince, history, retired, rotation }: SecretRecord): boolean {
  return [managedSince, history, retired, rotation].some(({ text }) => text !== undefined);
}
