import { changeOf } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { unreadableMark, unreadableNotice, unreadableText } from '../../core/alerts/unreadable-annotation.ts';
import { misfitMark, misfitNotice } from '../../core/alerts/policy-misfit.ts';
import { isMarked, withMark } from '../../core/record/unreadable-mark.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { RotationView } from './rotation-view.ts';
import type { RotatePorts } from '../rotation/drive.ts';

/**
 * Tells a person of a policy that asks for more than the settings allow, or cannot be read (I17): once for each text, and
 * before it is recorded. It stands in the way of what would be begun, and of nothing else. Secrets of a project that have the
 * same one are told of together. Answers trouble with that.
 */
export async function announceMisfits(
  ports: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  alike: readonly RotationView[],
): Promise<readonly string[]> {
  let isTold = false;
  for (const one of alike) {
    const trouble = await announceMisfit(ports, one, { isTold, others: alike.length - 1 });
    if (trouble !== undefined) return [trouble];
    isTold = true;
  }
  return [];
}

/** Tells apart which secrets have the same policy in the same project. */
export function misfitOf({ project, sighting, misfits }: RotationView): string {
  return `${project} ${misfitMark(sighting.record, misfits)}`;
}

async function announceMisfit(
  { announcer, vault, clock }: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  { secret, project, sighting, misfits }: RotationView,
  { isTold, others }: { readonly isTold: boolean; readonly others: number },
): Promise<string | undefined> {
  const mark = misfitMark(sighting.record, misfits);
  const marks = valueOf(sighting.record.announcedUnreadable);
  if (isMarked(marks, mark)) return undefined;
  const told = await attempt(async () => {
    if (!isTold) await announcer.announce(misfitNotice(secret, project, { misfits, mark, others, now: clock.now() }));
    await vault.commit(sighting, {
      annotations: changeOf(sighting.record, { announcedUnreadable: withMark(marks, mark) }),
    });
  });
  return told instanceof Fault && told.code !== 'stale'
    ? `${secret}: ${misfits.join('; ')}; ${told.message}`
    : undefined;
}

/**
 * Tells a person of annotations that this release does not read: once for each text, and before it is recorded, so that
 * a crash repeats the alert under the same id. Nothing else is done to the secret.
 */
export async function announceUnreadable(
  { announcer, vault, clock }: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  { secret, project, sighting, unreadable }: RotationView,
): Promise<{ readonly did: 'held' | 'failed'; readonly why: string }> {
  const why = unreadableText(secret, project, unreadable);
  const mark = unreadableMark(sighting.record);
  const marks = valueOf(sighting.record.announcedUnreadable);
  if (isMarked(marks, mark)) return { did: 'held', why };
  const told = await attempt(async () => {
    await announcer.announce(unreadableNotice(secret, project, { unreadable, mark, now: clock.now() }));
    await vault.commit(sighting, {
      annotations: changeOf(sighting.record, { announcedUnreadable: withMark(marks, mark) }),
    });
  });
  return told instanceof Fault ? { did: 'failed', why: `${why}; ${told.message}` } : { did: 'held', why };
}
