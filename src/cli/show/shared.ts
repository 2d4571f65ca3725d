import type { HoldersOf } from '../../app/on-record/holders-of.ts';
import { holdersText } from '../../app/listing/holders.ts';
import type { SecretName } from '../../app/ports/ports.ts';
import { idOf } from './report.ts';
import { painter, type Terminal } from './terminal.ts';

/** Who shares a key with the secrets that are shown. */
export function showShared(
  terminal: Terminal,
  shown: readonly { readonly secret: SecretName }[],
  holders: HoldersOf,
): void {
  const paint = painter(terminal);
  for (const { secret } of shown) {
    const others = holders.get(secret);
    if (others !== undefined)
      terminal.out(
        `\n${paint('yellow', 'shared')}  a key of ${idOf(secret)} serves others too: ${holdersText(others)}\n`,
      );
  }
}
