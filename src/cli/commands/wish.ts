import { ask } from '../../app/rotation/wishes.ts';
import type { Steering } from '../../core/record/journal.ts';
import type { Wire } from '../../wire.ts';
import { askForRotation } from './worker/rotation.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { rotationEnds } from '../show/rotation-ends.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { orderFor, advance, asWished, finish } from './follow-rotation.ts';

/** Notes a person's wish and lets the worker take it up at once. */
export async function wish(
  terminal: Terminal,
  wire: Wire,
  wanted: Steering,
  options: Target & ByHand & { readonly json: boolean },
): Promise<RotationCode> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const ends = rotationEnds(terminal, options.json);
  const onlooker = { terminal, ends, wait: false };
  const worker = await workerFor(terminal, wired, options, 'rotate');
  if (worker !== undefined) {
    const { clock } = wired.ports;
    const wished = wanted === 'abort';
    await askForRotation(onlooker, { worker, clock, secret, body: { mode: wanted }, wished });
    return ends.close();
  }
  const noted = await ask(wired.ports.vault, secret, { to: wanted, by: claimedBy(terminal) });
  if (noted.outcome === 'refused') throw new Stop(5, `${secret}: ${noted.why}`);
  const order = orderFor(settings, secret);
  const journey = await advance(terminal, wired, order);
  await finish(onlooker, wired, order, wanted === 'abort' ? asWished(journey) : journey);
  return ends.close();
}
