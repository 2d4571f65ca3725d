import { isoOf, type Instant } from '../../src/core/values/time.ts';

/** An entry of the log as Cloud Logging answers it. */
export function entryAt(at: Instant, fields: Readonly<Record<string, unknown>>) {
  return { timestamp: isoOf(at), severity: 'INFO', jsonPayload: { message: 'm', ...fields } };
}
