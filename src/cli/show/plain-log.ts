import type { Log } from '../../app/ports/ports.ts';
import { redact } from '../../core/key/redact.ts';
import type { Detail } from './detail.ts';
import { saidBehind } from './layout.ts';
import { painter, type Terminal } from './terminal.ts';

/** What the command itself says, in fewer words. */
const ROUTINE: ReadonlySet<string> = new Set(['DEBUG', 'INFO', 'NOTICE']);

/** Log lines for a person: what a deployment writes as JSON, in words, from warnings up unless `verbose`. Redacted once more, as there (I9). */
export function plainLog(terminal: Pick<Terminal, 'colour' | 'err' | 'width'>, detail: Detail): Log {
  const paint = painter(terminal);
  return {
    write: (severity, message) =>
      (detail !== 'verbose' && ROUTINE.has(severity)) ||
      terminal.err(saidBehind(terminal, `  ${paint('dim', severity.toLowerCase())}`, redact(message))),
  };
}
