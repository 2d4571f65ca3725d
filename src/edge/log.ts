import type { Log } from '../app/ports.ts';
import { redact } from '../core/redact.ts';

/**
 * Cloud Logging's structured form: one line of JSON per entry, `severity` and `message` first. The whole line is
 * redacted once more (I9); nothing upstream should have put a key there. A dead key is no crash, so no entry carries
 * the fields that open an Error Reporting group.
 */
export function structuredLog(write: (line: string) => void): Log {
  return {
    write(severity, message, fields = {}) {
      write(`${redact(JSON.stringify({ severity, message, ...fields }))}\n`);
    },
  };
}
