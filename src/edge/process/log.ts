import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../../app/ports/ports.ts';
import { redact } from '../../core/key/redact.ts';

export interface StructuredLog extends Log {
  /** Every line that `work` writes, and whatever it waits for, carries this trace (`projects/PROJECT/traces/ID`). */
  within<Result>(trace: string | undefined, work: () => Result): Result;
}

/**
 * Cloud Logging's structured form: one line of JSON per entry, `severity` and `message` first; the fields `secret` and
 * `cause` become labels, which log-based metrics and alerts can be told apart by. The whole line is redacted once more
 * (I9); nothing upstream should have put a key there. A dead key is no crash: no entry made here opens an Error
 * Reporting group, except `crashFields`.
 */
export function structuredLog(write: (line: string) => void): StructuredLog {
  const traces = new AsyncLocalStorage<string | undefined>();
  return {
    within: (trace, work) => traces.run(trace, work),
    write(severity, message, { secret, cause, ...fields } = {}) {
      const labels = secret === undefined && cause === undefined ? undefined : { secret, cause };
      const google = { 'logging.googleapis.com/labels': labels, 'logging.googleapis.com/trace': traces.getStore() };
      write(`${redact(JSON.stringify({ severity, message, ...fields, ...google }))}\n`);
    },
  };
}
