import { RUNBOOK_ADDRESS } from '../../core/settings/runbook-address.ts';
import type { Passage } from '../../core/values/passage.ts';
import type { Terminal } from './terminal.ts';

/** Where a section of the runbook is read: by our own command, which needs no network, and where the setting or the release says. */
export function runbookAt({ environment }: Pick<Terminal, 'environment'>, section: string): Passage {
  const address = environment['KEY_WARDEN_RUNBOOK_URL'] ?? RUNBOOK_ADDRESS;
  return [`key-warden runbook ${section}`, `${address}#${section}`];
}
