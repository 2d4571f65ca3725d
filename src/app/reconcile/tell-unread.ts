import { UNREAD_ANNOTATION, unreadMark, unreadNotice, unreadText } from '../../core/alerts/unreadable-annotation.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Outlook } from './rotation-view.ts';
import type { RotatePorts } from '../rotation/rotate.ts';

/**
 * Tells a person of annotations that this release does not read: once for each text, and before it is recorded, so that
 * a crash repeats the alert under the same id. Nothing else is done to the secret.
 */
export async function tellUnread(
  { announcer, vault, clock }: Pick<RotatePorts, 'announcer' | 'vault' | 'clock'>,
  { secret, project, sighting, unread }: Outlook,
): Promise<{ readonly did: 'held' | 'failed'; readonly why: string }> {
  const why = unreadText(secret, project, unread);
  const mark = unreadMark(sighting.annotations, unread);
  if (sighting.annotations[UNREAD_ANNOTATION] === mark) return { did: 'held', why };
  const told = await attempt(async () => {
    await announcer.announce(unreadNotice(secret, project, { unread, mark, now: clock.now() }));
    await vault.commit(sighting, { annotations: { [UNREAD_ANNOTATION]: mark } });
  });
  return told instanceof Fault ? { did: 'failed', why: `${why}; ${told.message}` } : { did: 'held', why };
}
