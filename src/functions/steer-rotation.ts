import { drive, givenUp, type RotatePorts } from '../app/rotation/drive.ts';
import { start } from '../app/rotation/start.ts';
import type { TickOrder } from '../app/rotation/tick.ts';
import { ask, rollbackOf } from '../app/rotation/wishes.ts';
import type { SecretName } from '../app/ports/ports.ts';
import type { Steered, Steering } from '../core/record/journal.ts';
import { valueOf } from '../core/record/part.ts';
import type { Caller } from '../edge/process/callers.ts';
import { forEmergencyCallers } from './for-emergency-callers.ts';
import type { Reply } from './http.ts';
import { replyOf, ROTATION_SCHEMA, whereabouts } from './rotation-reply.ts';

/**
 * Whether a wish undoes what only some may begin: it ends an emergency on its way, brings a leaked key back, or ends a drain on
 * its users. Letting an emergency go on is no such wish.
 */
async function isGrave({ vault }: RotatePorts, secret: SecretName, to: Exclude<Steering, 'resume'>): Promise<boolean> {
  if (to === 'cut-off-users') return true;
  const { record } = await vault.look(secret);
  const journal = valueOf(record.rotation);
  if (journal !== undefined && journal.phase !== 'resting') return journal.emergency;
  return to === 'rollback' && (valueOf(record.retired) ?? []).some(({ urgent }) => urgent === true);
}

/**
 * What somebody asks of a rotation in flight is noted under their verified name and taken up at once: 202 with where it
 * stands, 409 where it does not fit, 403 for what only callers of emergencies may undo. Without one in flight `rollback` begins the way back to the key before.
 */
export async function steerRotation(
  ports: RotatePorts,
  order: TickOrder,
  { to, by, mayEmergency }: Steered & Pick<Caller, 'mayEmergency'>,
): Promise<Reply> {
  const { secret } = order;
  if (to !== 'resume' && !mayEmergency && (await isGrave(ports, secret, to)))
    return forEmergencyCallers(by.who, { mode: to, secret });
  const noted = await ask(ports.vault, secret, { to, by });
  if (noted.outcome === 'noted') {
    let failure: string | undefined;
    const step = await drive(ports, order, (seen) => (failure = givenUp(seen) ?? failure));
    const { outcome } = noted;
    return { status: 202, body: { schema: ROTATION_SCHEMA, secret, outcome, ...whereabouts(step, { failure }) } };
  }
  if (to !== 'rollback') return { status: 409, why: `${secret}: ${noted.why}` };
  const asked = await rollbackOf(ports.vault, secret);
  if (typeof asked === 'string') return { status: 409, why: `${secret}: ${noted.why}, and ${asked}` };
  return replyOf({ secret }, await start(ports, { ...order, asked: { ...asked, by } }, () => undefined));
}
