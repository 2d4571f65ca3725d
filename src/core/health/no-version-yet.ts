import type { Finding } from './finding.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** Long enough for whoever made a secret to bring its first key; one that was made anew in place of another is told then. */
const NEW_MS = DAY_MS;

/**
 * Why a finding is nobody's business for now: the secret is new and nobody has put a key into it, as Terraform leaves it.
 * `undefined` when there is no such reason. Only a secret without any version has no `latest`; a missing version that
 * `current` names was there once, and consumers fail.
 */
export function noVersionYet(
  { readAs, diagnosis }: Pick<Finding, 'readAs' | 'diagnosis'>,
  createdAt: Instant,
  now: Instant,
): string | undefined {
  if (diagnosis.cause !== 'version_missing' || readAs !== 'latest') return undefined;
  if (elapsedMs(createdAt, now) >= NEW_MS) return undefined;
  return 'no version yet: the secret is new, and its first key is still to be added; alerts are held back for its first day';
}
