import { ask } from '../../app/rotation/wishes.ts';
import type { Steering } from '../../core/record/journal.ts';
import type { Wire } from '../../wire.ts';
import { askForRotation } from './worker/rotation.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { orderFor, advance, asWished, finish } from './follow-rotation.ts';

/** Notes a person's wish and lets the worker take it up at once. */
export async function wish(
  terminal: Terminal,
  wire: Wire,
  wanted: Steering,
  options: Target & ByHand,
): Promise<RotationCode> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const worker = await workerFor(terminal, wired, options, 'rotate');
  if (worker !== undefined) {
    const { clock } = wired.ports;
    const wished = wanted === 'abort';
    const asked = { worker, clock, secret, body: { mode: wanted }, wait: false, wished };
    return (await askForRotation(terminal, asked)).code;
  }
  const noted = await ask(wired.ports.vault, secret, { to: wanted, by: claimedBy(terminal) });
  if (noted.outcome === 'refused') throw new Stop(5, `${secret}: ${noted.why}`);
  const order = orderFor(settings, secret);
  const journey = await advance(terminal, wired, order);
  return await finish(terminal, wired, order, wanted === 'abort' ? asWished(journey) : journey, false);
}
