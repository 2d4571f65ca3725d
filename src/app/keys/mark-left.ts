import { attempt, Fault, type FaultCode } from '../ports/fault.ts';
import type { Issuer, SecretName } from '../ports/ports.ts';
import { leftMarkFor, ROTATION_MARK, SECRET_MARK } from './key-marks.ts';
import { recordAtIssuer } from './record-at-issuer.ts';

/**
 * Says at the issuer, before they are disabled, which versions of a secret hold a key that a rotation made for it: afterwards nobody can
 * read them to find out, and the list of old keys has no room for them. A key of anybody else is not marked. Who may not write it goes on
 * without: then the versions stay. Rejects with `Fault` else.
 */
export async function markLeft(
  { issuer }: { readonly issuer: Issuer },
  {
    secret,
    key,
    versions,
  }: { readonly secret: SecretName; readonly key: string; readonly versions: readonly number[] },
): Promise<void> {
  const marked = await attempt(async () => {
    const record = await recordAtIssuer(issuer, key);
    const isOurs = record?.annotations[SECRET_MARK] === secret && record.annotations[ROTATION_MARK] !== undefined;
    if (isOurs && record.deletedAt === undefined) await issuer.mark(key, leftMarkFor(record, versions));
  });
  if (marked instanceof Fault && !NOT_LET_IN.includes(marked.code)) throw marked;
}

const NOT_LET_IN: readonly FaultCode[] = ['denied', 'switched_off'];
