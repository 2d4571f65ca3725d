import { ask, rollbackOf } from '../../app/rotation/wishes.ts';
import type { Wire } from '../../wire.ts';
import { askForRotation } from './worker/rotation.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { orderFor, begin, advance, asWished, finish } from './follow-rotation.ts';

/** Goes back to the key before: at any phase of a rotation, and after its end until the old key is purged. */
export async function rollback(
  terminal: Terminal,
  wire: Wire,
  options: Target & ByHand & { readonly wait: boolean },
): Promise<RotationCode> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const worker = await workerFor(terminal, wired, options, 'rotate');
  if (worker !== undefined) {
    const { clock } = wired.ports;
    const asked = { worker, clock, secret, body: { mode: 'rollback' }, wait: options.wait, wished: true };
    return (await askForRotation(terminal, asked)).code;
  }
  const order = orderFor(settings, secret);
  const by = claimedBy(terminal);
  const noted = await ask(wired.ports.vault, secret, { to: 'rollback', by });
  if (noted.outcome === 'noted')
    return await finish(terminal, wired, order, asWished(await advance(terminal, wired, order)), options.wait);
  const asked = await rollbackOf(wired.ports.vault, secret);
  if (typeof asked === 'string') throw new Stop(5, `${secret}: ${noted.why}, and ${asked}`);
  return await begin(terminal, wired, { ...order, asked: { ...asked, by } }, options.wait);
}
