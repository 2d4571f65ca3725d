import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import type { Micros } from './micros.ts';

/** An etag of Secret Manager: hexadecimal, and its double quotes belong to it. Later writes have greater ones. */
export function etagOf(moment: Micros): string {
  return `"${moment.toString(16).padStart(14, '0')}"`;
}

/** Base64, as IAM policies have it. */
export function policyEtagOf(moment: Micros): string {
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(BigInt(moment));
  return raw.toString('base64');
}

/**
 * Refuses a write under an etag that is no longer current; empty or absent means no condition. FAILED_PRECONDITION,
 * not the ABORTED that other Google APIs answer (measured by kmoneil/zig-gcp).
 */
export function requireEtag(sent: string | undefined, current: string): void {
  if (sent === undefined || sent === '' || sent === current) return;
  throw new ApiError(
    'FAILED_PRECONDITION',
    "The etag provided in the request does not match the resource's current etag. Please retry the whole " +
      'read-modify-write with exponential backoff.',
  );
}
