import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import { forbidden } from '../record/tombstones.ts';
import type { Instant } from '../values/time.ts';
import { openLeaksIn } from './open-leaks.ts';

/** An old key that nobody is known to have deleted. */
interface Undeleted {
  readonly version: number;
  /** When it was retired, or said to have leaked. */
  readonly at: Instant;
}

/** What is on record about a key that a secret has retired. */
export interface RetiredKey {
  /** Why it is no key of the secret any more. */
  readonly why: string;
  /** Old keys of the secret that are not deleted: a tombstone does not say which of them it is. `undefined`: nobody can read it. */
  readonly undeleted: readonly Undeleted[] | undefined;
}

/** The key that left this tombstone, as far as the secret remembers it; `undefined` for one that it never retired. */
export function retiredKeyIn(record: SecretRecord, tombstone: string | undefined): RetiredKey | undefined {
  const tombstones = valueOf(record.tombstones);
  const why = tombstones && forbidden(tombstones, tombstone);
  if (why === undefined) return undefined;
  const [retired, leaks] = [valueOf(record.retired), openLeaksIn(record)];
  if (retired === undefined || leaks === undefined) return { why, undeleted: undefined };
  const listed = retired.filter(({ deletedAt }) => deletedAt === undefined);
  const unlisted = leaks.filter(({ version }) => retired.every((one) => one.version !== version));
  return { why, undeleted: [...listed, ...unlisted].map(({ version, at }) => ({ version, at })) };
}
