import { noticeOf } from '../../core/alerts/rotation-notice.ts';
import { recallDue, recalledHold, withRecall } from '../../core/alerts/recalled-hold.ts';
import { valueOf } from '../../core/record/part.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { secretPolicyOf } from '../../core/settings/secret-policy.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { RotatePorts } from '../rotation/drive.ts';
import type { ReconcileOrder } from './resume-from-list.ts';
import type { RotationView } from './rotation-view.ts';

/**
 * Tells anew, as critical, of rotations that wait for a person for so long that an episode would be critical by then. Told first and
 * noted second, so that a crash in between repeats it under the same id. Answers what could not be told or noted.
 */
export async function recallHolds(
  ports: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  seen: readonly RotationView[],
  { secretPolicy, concurrency }: Pick<ReconcileOrder, 'secretPolicy' | 'concurrency'>,
): Promise<readonly string[]> {
  const held = seen.flatMap(({ secret, project, sighting, journal, mayGoOn }) =>
    mayGoOn || journal === undefined || journal.phase === 'resting' ? [] : [{ secret, project, sighting, journal }],
  );
  const troubles = await inPool(held, concurrency, ALWAYS, async ({ secret, project, sighting, journal }) => {
    const { record, aliases } = sighting;
    const marks = valueOf(record.announcedUnreadable);
    const { escalateAfterHours } = secretPolicyOf(record, secretPolicy).secretPolicy.checks;
    const recalls = recallDue(journal, marks, escalateAfterHours, ports.clock.now());
    if (recalls === undefined) return undefined;
    const done = await attempt(async () => {
      await ports.announcer.announce({ ...noticeOf(secret, project, recalledHold(journal), aliases), recalls });
      const announcedUnreadable = withRecall(marks, journal, recalls);
      await ports.vault.commit(sighting, { annotations: changeOf(record, { announcedUnreadable }) });
    });
    return done instanceof Fault
      ? `that the rotation of ${secret} waits was not told anew: ${done.message}`
      : undefined;
  });
  return troubles.filter((trouble) => trouble !== undefined);
}
