import { ROTATE, ROTATE_AT_ONCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { sharedKeyOf, sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import { holdersIn, type Holder } from '../../app/listing/holders.ts';
import type { TickOrder } from '../../app/rotation/tick.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Wired } from '../../wire.ts';
import { begin, type RotationCode } from './follow-rotation.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

export type Request = TickOrder & { readonly asked: Asked };

/** Who else serves the key that a request replaces, wherever this command may look. */
export function sharedBy(
  { ports }: Wired,
  settings: Settings,
  { secret, secretPolicy, asked }: Request,
): Promise<SharedKey> {
  const holders = holdersIn(ports.vault, { scopes: scopesOf(settings), concurrency: settings.concurrency });
  return sharedKeyOf(ports.vault, holders, {
    secret,
    version: asked.from,
    secretPolicy,
    keyField: asked.mint?.keyField,
  });
}

/** Names the other holders before anything is done (I13), with what gives each a key of its own. */
export function nameHolders({ err }: Terminal, shared: SharedKey, emergency: boolean, all: boolean): void {
  for (const line of sharedKeyText(shared)) err(`  ${line}\n`);
  const [first] = shared.holders;
  if (first === undefined) return;
  if (all) return err('  each of them is rotated too, after this one\n');
  err(
    `  it is not deleted while they serve it. Rotate each, or all at once by adding --all-holders: ${lineFor(emergency ? ROTATE_AT_ONCE : ROTATE, first.secret)}\n`,
  );
}

/**
 * Rotates every other holder as this secret was, one after the other; what stops one stops no other. The worst end of all is
 * the command's. In an emergency the key is deleted as soon as the last of them is off it.
 */
export async function rotateHolders(
  terminal: Terminal,
  wired: Wired,
  request: Request,
  holders: readonly Holder[],
  wait: boolean,
): Promise<RotationCode> {
  const { asked, ...order } = request;
  let worst: RotationCode = 0;
  // Read as `previous`, its own rotation is under way: an emergency hurries that one, and nothing else begins another.
  for (const { secret } of holders.filter(({ readAs }) => asked.emergency || readAs !== 'previous')) {
    const { from: _, ...wanted } = asked;
    const code = await oneOf(terminal, wired, { ...order, secret, asked: wanted }, wait);
    worst = code > worst ? code : worst;
  }
  if (asked.emergency && holders.length > 0)
    await wired.ports.purgeLeaked(wired.ports, request.secret, request.secretPolicy);
  return worst;
}

async function oneOf(terminal: Terminal, wired: Wired, request: Request, wait: boolean): Promise<RotationCode> {
  try {
    return await begin(terminal, wired, request, wait);
  } catch (trouble) {
    if (!(trouble instanceof Stop)) throw trouble;
    terminal.err(`key-warden: ${trouble.message}\n`);
    return trouble.code === 4 ? 4 : 5;
  }
}
