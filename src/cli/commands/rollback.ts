import { ask, rollbackOf } from '../../app/rotation/wishes.ts';
import type { Wire } from '../../wire.ts';
import { claimedBy, oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { type RotationCode, orderFor, begin, advance, asWished, finish } from './follow-rotation.ts';

/** Goes back to the key before: at any phase of a rotation, and after its end until the old key is purged. */
export async function rollback(
  terminal: Terminal,
  wire: Wire,
  options: Target & { readonly wait: boolean },
): Promise<RotationCode> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const order = orderFor(settings, secret);
  const by = claimedBy(terminal);
  const noted = await ask(wired.ports.vault, secret, { to: 'rollback', by });
  if (noted.outcome === 'noted')
    return await finish(terminal, wired, order, asWished(await advance(terminal, wired, order)), options.wait);
  const asked = await rollbackOf(wired.ports.vault, secret);
  if (typeof asked === 'string') throw new Stop(5, `${secret}: ${noted.why}, and ${asked}`);
  return await begin(terminal, wired, { ...order, asked: { ...asked, by } }, options.wait);
}
