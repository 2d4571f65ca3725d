import type { Log } from '../../app/ports/ports.ts';
import { redact } from '../../core/key/redact.ts';
import { saidBehind } from './layout.ts';
import { painter, type Terminal } from './terminal.ts';

/** Log lines for a person: what a deployment writes as JSON, in words. Redacted once more, as there (I9). */
export function plainLog(terminal: Pick<Terminal, 'colour' | 'err' | 'width'>): Log {
  const paint = painter(terminal);
  return {
    write: (severity, message) =>
      terminal.err(saidBehind(terminal, `  ${paint('dim', severity.toLowerCase())}`, redact(message))),
  };
}
