import { STATUS } from '../../core/causes/commands.ts';
import { valuesOfSecret } from '../../core/causes/names.ts';
import { nextOf } from '../../core/causes/next-step.ts';
import type { RotationDue } from '../../core/alerts/notices/rotation-notices.ts';
import type { Due, Rest } from '../../core/record/journal.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { DAY_MS, elapsedMs, type Instant } from '../../core/values/time.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';

/** Who waits for longer is told of it: a window opens again after a night, or a weekend. */
const TOLD_AFTER_MS = 3 * DAY_MS;

/** Whether people are told that a rotation waits. */
export function isLongWait(until: Instant | undefined, now: Instant): boolean {
  return until === undefined || elapsedMs(now, until) >= TOLD_AFTER_MS;
}

interface Waits {
  readonly project: string;
  readonly due: Due & { readonly reason: 'schedule' | 'age' };
  readonly why: string;
  readonly until: Instant | undefined;
}

/**
 * Leaves one commit where a rotation is due and may not begin: what fires once is taken up later, and what waits for days is told
 * once. Told first: a mark that nobody heard of would be the end of it. Rejects with `Fault`, `stale` when somebody wrote the secret.
 */
export async function leaveDue(
  vault: Vault,
  tell: (notice: RotationDue) => Promise<void>,
  sighting: SecretSighting,
  rest: Rest,
  { project, due, why, until }: Waits,
): Promise<void> {
  const { name, record } = sighting;
  const { since, reason } = due;
  if (isLongWait(until, since)) {
    const way = nextOf({ do: 'Nothing: it begins by itself then. To see it', command: STATUS }, valuesOfSecret(name));
    await tell({ type: 'rotation.due', secret: name, project, reason, since, why, ...way });
  }
  await vault.commit(sighting, { annotations: changeOf(record, { rotation: { ...rest, due } }) });
}
