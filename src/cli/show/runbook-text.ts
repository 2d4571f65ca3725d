import { readFileSync } from 'node:fs';

/** The whole runbook in Markdown. The bundled command holds it, so that it can be read without a clone and without a network. */
export function runbookText(): string {
  return readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
}
