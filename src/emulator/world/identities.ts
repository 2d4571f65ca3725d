import { createHash } from 'node:crypto';

/** Names that Google would draw at random, here drawn from a seed so that a failing run can be repeated. */
export interface Identities {
  /** A UUID, version 4 by its looks. */
  uuid(): string;
  /** A key string that was never issued outside this process; `AIzaSy…` or `AQ.…` (shapes: facts of 2026). */
  keyString(kind: 'standard' | 'auth'): string;
  /** An access token in the looks of Google's. */
  accessToken(): string;
  /** A fraction in [0, 1) that is the same for the same words: when a deleted key stops, whether it flaps now. */
  fraction(...words: readonly (string | number)[]): number;
}

const STANDARD_LENGTH = 33;
const AUTH_LENGTH = 50;

export function identitiesFrom(seed: string): Identities {
  let drawn = 0;
  const draw = (): string => {
    drawn += 1;
    return `${drawn}`;
  };
  const digest = (...words: readonly (string | number)[]) =>
    createHash('sha512')
      .update([seed, ...words].join('\n'))
      .digest();
  return {
    uuid() {
      const hex = digest('uuid', draw()).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    keyString(kind) {
      const characters = digest('key', draw()).toString('base64url');
      return kind === 'auth'
        ? `AQ.${characters.slice(0, AUTH_LENGTH)}`
        : `AIzaSy${characters.slice(0, STANDARD_LENGTH)}`;
    },
    accessToken: () => `ya29.${digest('token', draw()).toString('base64url')}`,
    fraction: (...words) => digest('fraction', ...words).readUInt32BE(0) / 2 ** 32,
  };
}
