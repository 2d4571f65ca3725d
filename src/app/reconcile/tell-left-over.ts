import { inPool } from '../listing/pool.ts';
import type { RotatePorts } from '../rotation/drive.ts';
import { outboxOf } from '../rotation/outbox.ts';
import type { WholeView } from './listed-view.ts';

/**
 * Tells what an earlier run recorded and could not tell, of secrets of which nothing else is due: at rest, in a drain, or held. What
 * goes on tells it on its way. Answers all secrets as they are then.
 */
export async function tellLeftOver(
  ports: RotatePorts,
  seen: readonly WholeView[],
  concurrency: number,
  inTime: () => boolean,
): Promise<readonly WholeView[]> {
  const quiet = seen.filter(({ untold, mayGoOn }) => untold && !mayGoOn);
  const told = await inPool(quiet, concurrency, inTime, async (one) => ({
    ...one,
    sighting: await outboxOf(ports, one.project).settle(one.sighting),
  }));
  return seen.map((one) => told[quiet.indexOf(one)] ?? one);
}
