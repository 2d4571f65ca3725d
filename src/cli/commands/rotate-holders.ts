import { ROTATE, ROTATE_AT_ONCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { sharedKeyOf, sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import { deleteBy, deleteByText } from '../../app/purge/delete-by.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { holdersIn, type Holder } from '../../app/listing/holders.ts';
import { requestsFor, type RotationRequest } from '../../app/rotation/holders-too.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Wired } from '../../wire.ts';
import { begin, type Onlooker } from './follow-rotation.ts';
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
 * Rotates every other holder as this secret was, one after the other; what stops one stops no other. In an emergency the key is deleted as soon as the last of them is off it.
 */
export async function rotateHolders(
  onlooker: Onlooker,
  wired: Wired,
  request: RotationRequest,
  holders: readonly Holder[],
): Promise<void> {
  for (const other of requestsFor(request, holders)) await oneOf(onlooker, wired, other);
  if (request.asked.emergency && holders.length > 0)
    await wired.ports.purgeLeaked(wired.ports, request.secret, request.secretPolicy);
}

async function oneOf(onlooker: Onlooker, wired: Wired, request: RotationRequest): Promise<void> {
  try {
    await begin(onlooker, wired, request);
  } catch (trouble) {
    if (!(trouble instanceof Stop)) throw trouble;
    const { message, code } = trouble;
    const why = message.replace(`${request.secret}: `, '');
    onlooker.ends.note({ secret: request.secret, outcome: 'refused', code: code === 4 ? 4 : 5, why });
  }
}

/** Sets the date on which the leaked key goes although others serve it, and says so, or why not. */
export async function dateDeletion(
  { terminal, ends }: Onlooker,
  { ports }: Wired,
  { secret, secretPolicy }: RotationRequest,
  asked: { readonly minutes: number; readonly shared: SharedKey },
): Promise<void> {
  const dated = deleteByText(await deleteBy(ports, { secret, secretPolicy, project: projectIn(secret), ...asked }));
  if (dated === undefined) return;
  terminal.err(`  ${dated}\n`);
  ends.add({ deletion: dated });
}
