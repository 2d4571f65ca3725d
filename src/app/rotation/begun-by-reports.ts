import type { Actor } from '../../core/record/actor.ts';
import { valueOf } from '../../core/record/part.ts';
import { elapsedMs, HOUR_MS } from '../../core/values/time.ts';
import { gather } from '../listing/gather.ts';
import { Fault, type FaultCode } from '../ports/fault.ts';
import type { Clock, SecretName, SecretScope, Vault } from '../ports/ports.ts';

interface CountOrder {
  readonly scopes: readonly SecretScope[];
  readonly concurrency: number;
  /** In whose name they are begun. */
  readonly caller: Actor;
  /** The secret that is asked for now: asking again is not refused for what asking did. */
  readonly except: SecretName;
}

/**
 * How many emergencies somebody has in flight, or has ended within an hour: counted on the secrets themselves, so that no crash and no second
 * instance forgets any. Rejects where not everything can be listed, for a bound that counts half is none.
 */
export async function begunByReports(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  { caller, except, ...scope }: CountOrder,
): Promise<number> {
  const { found, problems, barred } = await gather(vault, scope);
  const [problem] = problems;
  const code: FaultCode = barred ? 'denied' : 'unavailable';
  if (problem !== undefined)
    throw new Fault(code, `how many emergencies reports of leaks began cannot be counted: ${problem}`);
  const now = clock.now();
  const isTheirs = (by: Actor | undefined): boolean => by?.who === caller.who && by.is === caller.is;
  return found
    .filter(({ sighting }) => sighting.name !== except)
    .flatMap(({ sighting: { record } }) => {
      const journal = valueOf(record.rotation);
      const inFlight = journal !== undefined && journal.phase !== 'resting' && journal.emergency ? [journal] : [];
      const ended = (valueOf(record.history) ?? []).filter(({ at, reason }) => {
        return reason === 'leaked' && elapsedMs(at, now) < HOUR_MS;
      });
      return [...inFlight, ...ended].filter(({ by }) => isTheirs(by));
    }).length;
}
