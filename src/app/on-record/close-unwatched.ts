import { valueOf } from '../../core/record/part.ts';
import type { SecretRecord } from '../../core/record/secret-record.ts';
import type { KeyUnwatched } from '../../core/alerts/notices/key-notices.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Episode } from '../../core/record/health-state.ts';
import type { Announcer } from '../ports/ports.ts';

/** Tells that nobody will see the end of an open episode, so that its incident does not stay open; which one it was, if any. */
export async function closeUnwatched(
  announcer: Announcer,
  secret: string,
  because: KeyUnwatched['because'],
  record: SecretRecord,
): Promise<Episode | undefined> {
  const health = valueOf(record.health);
  if (health === undefined || !('episode' in health)) return undefined;
  const { episode } = health;
  await announcer.announce({ type: 'key.unwatched', secret, project: projectIn(secret), because, episode });
  return episode;
}
