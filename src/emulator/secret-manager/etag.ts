import { ApiError } from '../wire/api-error.ts';
import type { Micros } from '../wire/rest/micros.ts';

/** An etag of Secret Manager: hexadecimal, and its double quotes belong to it. Later writes have greater ones. */
export function etagOf(moment: Micros): string {
  return `"${moment.toString(16).padStart(14, '0')}"`;
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
