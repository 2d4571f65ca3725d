import { ask, rollbackOf } from '../../app/rotation/wishes.ts';
import type { Wire } from '../../wire.ts';
import { askForRotation } from './worker/rotation.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { rotationEnds } from '../show/rotation-ends.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { orderFor, begin, advance, asWished, finish } from './follow-rotation.ts';

/** Goes back to the key before: at any phase of a rotation, and after its end until the old key is purged. */
export async function rollback(
  terminal: Terminal,
  wire: Wire,
  options: Target & ByHand & { readonly wait: boolean; readonly json: boolean },
): Promise<RotationCode> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const ends = rotationEnds(terminal, options.json);
  const onlooker = { terminal, ends, wait: options.wait };
  const worker = await workerFor(terminal, wired, options, 'rotate');
  if (worker !== undefined) {
    const { clock } = wired.ports;
    await askForRotation(onlooker, { worker, clock, secret, body: { mode: 'rollback' }, wished: true });
    return ends.close();
  }
  const order = orderFor(settings, secret);
  const by = claimedBy(terminal);
  const noted = await ask(wired.ports.vault, secret, { to: 'rollback', by });
  if (noted.outcome === 'noted') {
    await finish(onlooker, wired, order, asWished(await advance(terminal, wired, order)));
    return ends.close();
  }
  const asked = await rollbackOf(wired.ports.vault, secret);
  if (typeof asked === 'string') throw new Stop(5, `${secret}: ${noted.why}, and ${asked}`);
  await begin(onlooker, wired, { ...order, asked: { ...asked, by } });
  return ends.close();
}
