import type { Revoked } from './revoke.ts';

/** Name and version of the JSON form of a revocation. */
const REVOCATION_SCHEMA = 'key-warden/revocation/v1';

export type RevokedJson = Revoked & { readonly schema: typeof REVOCATION_SCHEMA; readonly secret: string };

/** What became of a key that had to die at once, or which ones could be deleted, as `--json` and the function's answer carry it. */
export function revokedJson(secret: string, revoked: Revoked): RevokedJson {
  return { schema: REVOCATION_SCHEMA, secret, ...revoked };
}
