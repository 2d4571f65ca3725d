import { ROTATE, ROTATE_AT_ONCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { sharedKeyOf, sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import { deleteBy, deleteByText } from '../../app/purge/delete-by.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { holdersIn, type Holder } from '../../app/listing/holders.ts';
import { requestsFor, type RotationRequest } from '../../app/rotation/holders-too.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Wired } from '../../wire.ts';
import { begin } from './follow-rotation.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** Who else serves the key that a request replaces, wherever this command may look. */
export function sharedBy(
  { ports }: Wired,
  settings: Settings,
  { secret, secretPolicy, asked }: RotationRequest,
): Promise<SharedKey> {
  const holders = holdersIn(ports, { scopes: scopesOf(settings), concurrency: settings.concurrency });
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
    `  it is not deleted while they serve it, but with --at-the-latest MINUTES in an emergency. Rotate each, or all at once by adding --all-holders: ${lineFor(emergency ? ROTATE_AT_ONCE : ROTATE, first.secret)}\n`,
  );
}

/**
 * Rotates every other holder as this secret was, one after the other; what stops one stops no other. The worst end of all is
 * the command's. In an emergency the key is deleted as soon as the last of them is off it.
 */
export async function rotateHolders(
  terminal: Terminal,
  wired: Wired,
  request: RotationRequest,
  holders: readonly Holder[],
  wait: boolean,
): Promise<RotationCode> {
  let worst: RotationCode = 0;
  for (const other of requestsFor(request, holders)) {
    const code = await oneOf(terminal, wired, other, wait);
    worst = code > worst ? code : worst;
  }
  if (request.asked.emergency && holders.length > 0)
    await wired.ports.purgeLeaked(wired.ports, request.secret, request.secretPolicy);
  return worst;
}

async function oneOf(terminal: Terminal, wired: Wired, request: RotationRequest, wait: boolean): Promise<RotationCode> {
  try {
    return await begin(terminal, wired, request, wait);
  } catch (trouble) {
    if (!(trouble instanceof Stop)) throw trouble;
    terminal.err(`key-warden: ${trouble.message}\n`);
    return trouble.code === 4 ? 4 : 5;
  }
}

/** Sets the date on which the leaked key goes although others serve it, and says so, or why not. */
export async function dateDeletion(
  { err }: Terminal,
  { ports }: Wired,
  { secret, secretPolicy }: RotationRequest,
  asked: { readonly minutes: number; readonly shared: SharedKey },
): Promise<void> {
  const dated = deleteByText(await deleteBy(ports, { secret, secretPolicy, project: projectIn(secret), ...asked }));
  if (dated !== undefined) err(`  ${dated}\n`);
}
