import type { Issuer } from '../../src/app/ports/ports.ts';
import { apiKeysIssuer, type IssuerOptions } from '../../src/edge/api-keys/api-keys.ts';
import { refusal, type Line } from './scripted-vault.ts';
import { scriptedGoogle } from './scripted-google.ts';

/** The key that scripts of the API Keys API are about. */
export const NAME = 'projects/1/locations/global/keys/kw-1';
export const UID = '7b2f0c1e-0000-4000-8000-000000000001';
export const CREATED = '2026-11-01T10:00:00.250Z';
export const DELETED = '2026-11-20T10:00:00.123456789Z';
export const OPERATION = 'operations/akmf.p7-1-abc';

export const BUSY = refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');
export const GONE = refusal(404, 'NOT_FOUND', 'Requested entity was not found.');
/** Patience for one repetition. */
export const TWICE = { attemptsMax: 2, waitMs: 0, waitMsMax: 0 };

/** The key as the API writes it. */
export const keyBody = (fields: object = {}) => ({ name: NAME, uid: UID, createTime: CREATED, ...fields });

/** Operations: still running, done, and failed with a `google.rpc.Code`. */
export const running: Line = { body: { name: OPERATION } };
export const done = (response: unknown): Line => ({ body: { name: OPERATION, done: true, response } });
export const failed = (code: number, message: string): Line => ({
  body: { name: OPERATION, done: true, error: { code, message } },
});

/** Runs the real issuer against a scripted server. */
export function issuing<T>(
  script: readonly Line[],
  use: (issuer: Issuer) => Promise<T>,
  options: Partial<IssuerOptions> = {},
) {
  return scriptedGoogle(script, async (world) => {
    const issuer = apiKeysIssuer({ ...world, ...options });
    try {
      return await use(issuer);
    } finally {
      await issuer.close();
    }
  });
}
