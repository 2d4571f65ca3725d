import type { OldKeyStep } from '../../core/record/old-key-step.ts';
import type { PurgeStep } from '../../core/rotation/next-purge.ts';
import type { Log } from '../ports/ports.ts';
import type { Purged } from './purge.ts';
import type { Swept } from './sweep.ts';

/** `date` changes a record alone, and waiting changes nothing. */
const DID: Readonly<Partial<Record<PurgeStep['do'], OldKeyStep>>> = {
  delete: 'deleted',
  prove: 'refused',
  destroy: 'destroyed',
  forget: 'forgotten',
};

/**
 * A line for each step that was taken: the record of a secret forgets an old key once it is destroyed, and the log is where an auditor
 * finds what became of it.
 */
export function logOldKeys(log: Log, purged: readonly Purged[], swept: readonly Swept[] = []): void {
  const steps = [
    ...purged.map(({ step, ...line }) => ({ ...line, did: DID[step] })),
    ...swept.map((line) => ({ ...line, did: line.version === undefined ? undefined : ('destroyed' as const) })),
  ];
  for (const { secret, version, key, outcome, did, why } of steps)
    if (outcome === 'done' && did !== undefined)
      log.write(did === 'forgotten' ? 'WARNING' : 'INFO', `version ${version} of ${secret}: ${why}`, {
        secret,
        oldKey: { secret, version, key, did },
      });
}
