import { secretWarnings } from '../../core/alerts/secret-warning.ts';
import type { SecretRisk } from '../../core/health/secret-risk.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, Log, SecretName, Vault } from '../ports/ports.ts';

export interface WarnPorts {
  readonly vault: Vault;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells what threatens a secret, where a rotation meets it. Nothing is remembered of that, so the day is in the id, and every run that
 * meets it says the same; a check tells what lasts once a day. Trouble is a line in the log.
 */
export async function warnOf(
  { announcer, clock, log }: WarnPorts,
  { secret, project }: { readonly secret: SecretName; readonly project: string },
  risk: SecretRisk,
): Promise<void> {
  for (const warning of secretWarnings(project, [{ secret, risk }], clock.now())) {
    const told = await attempt(() => announcer.announce(warning));
    if (told instanceof Fault)
      log.write('WARNING', `${warning.because} could not be announced: ${told.message}`, { secret });
  }
}
