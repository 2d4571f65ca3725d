import { changeOf } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { INIT } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { entryFor } from '../../core/rotation/commit-entry.ts';
import { asEmergency } from '../../core/rotation/make-emergency.ts';
import type { Journal } from '../../core/record/journal.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { spokenMinute } from '../../core/values/time.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import type { Halt, Step, TickOrder } from './tick.ts';
import { drive, type RotatePorts } from './drive.ts';
import { readableFor } from './readable-for-emergency.ts';
import { pastRotationsOf } from './view-of.ts';

/** What became of a request to rotate. The same request gives the same rotation, however often it is delivered. */
export type Started =
  | { readonly outcome: 'begun' | 'same' | 'hurried'; readonly step: Halt }
  | { readonly outcome: 'finished'; readonly rotation: string; readonly why: string }
  | { readonly outcome: 'busy'; readonly why: string; readonly journal: Journal }
  | { readonly outcome: 'unmanaged'; readonly why: string };

/** Begins a rotation and takes it as far as it goes now. One in flight is left to itself, but an emergency hurries it. */
export async function start(
  ports: RotatePorts,
  order: TickOrder & { readonly asked: Asked },
  watch: (step: Step) => void,
): Promise<Started> {
  const seen = await ports.vault.look(order.secret);
  if (seen.labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value)
    return { outcome: 'unmanaged', why: `it is not under care: ${lineFor(INIT, order.secret)}` };
  const sighting = order.asked.emergency ? await readableFor(ports, seen) : seen;
  const { record } = sighting;
  const [journal, earlier] = [valueOf(record.rotation), pastRotationsOf(sighting)];
  const { requestId } = order.asked;
  const past = (earlier?.history ?? []).find((one) => requestId !== undefined && one.requestId === requestId);
  if (past !== undefined)
    return { outcome: 'finished', rotation: past.id, why: `this request was ${past.outcome} ${spokenMinute(past.at)}` };
  if (journal === undefined || earlier === undefined || journal.phase === 'resting')
    return { outcome: 'begun', step: await drive(ports, order, watch, sighting) };
  const same = requestId !== undefined && journal.requestId === requestId;
  if (same) return { outcome: 'same', step: await drive(ports, { ...order, asked: undefined }, watch, sighting) };
  // Whoever named the version means its key, and a rotation of another one deletes another key.
  const isOther = order.asked.from !== undefined && order.asked.from !== journal.from;
  const urgent = isOther ? undefined : asEmergency(journal, order.asked);
  if (urgent !== undefined) {
    const { record: change } = entryFor(journal, urgent, earlier, ports.clock.now());
    const left = await ports.vault.commit(sighting, { annotations: changeOf(record, change) });
    return { outcome: 'hurried', step: await drive(ports, { ...order, asked: undefined }, watch, left) };
  }
  return {
    outcome: 'busy',
    journal,
    why: `rotation ${journal.id} (${journal.reason}) is ${journal.phase} since ${spokenMinute(journal.since)}`,
  };
}

/** Whether nothing came of a request: it waits for a person, and no rotation is on record that could be resumed. */
export function isNotBegun({ did, journal }: Halt): boolean {
  return did === 'held' && (journal === undefined || journal.phase === 'resting');
}
