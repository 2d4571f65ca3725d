import { stoppedWarning, stopMark } from '../../core/alerts/stopped-rotations.ts';
import type { Stops } from '../../core/fleet/key-quota.ts';
import { valueOf } from '../../core/record/part.ts';
import { withMark } from '../../core/record/unreadable-mark.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { RotatePorts } from '../rotation/drive.ts';
import type { ListedView } from './listed-view.ts';

/**
 * Tells of every project in which no rotation is begun, once a day while it lasts: one of its secrets remembers that for all.
 * Answers what could not be told or written.
 */
export async function announceStops(
  { announcer, vault, clock }: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  all: readonly ListedView[],
  stops: Stops,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [project, why] of stops) {
    const now = clock.now();
    const own = all.filter(({ keyProject }) => keyProject === project);
    if (own.some(({ isStopTold }) => isStopTold)) continue;
    const done = await attempt(async () => {
      for (const keeper of own.toSorted((a, b) => (a.secret < b.secret ? -1 : 1)).slice(0, 1)) {
        await announcer.announce(
          stoppedWarning(
            { secret: keeper.serving.name, project: keeper.project },
            { project, why, others: own.length - 1, now },
          ),
        );
        // What the run did since the list was read is kept.
        const sighting = await vault.look(keeper.serving.name);
        const marks = withMark(valueOf(sighting.record.announcedUnreadable), stopMark(now));
        await vault.commit(sighting, { annotations: changeOf(sighting.record, { announcedUnreadable: marks }) });
      }
    });
    if (done instanceof Fault)
      problems.push(`that no rotation is begun in project ${project} was not recorded: ${done.message}`);
  }
  return problems;
}
