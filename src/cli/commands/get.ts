import { consumerKey } from '../../app/keys/consumer-key.ts';
import type { Wire } from '../../wire.ts';
import { oneSecret, type Target } from './ask.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

export interface GetOptions extends Target {
  readonly at: string;
  readonly field?: string | undefined;
  /** Print it although a person looks at the screen. */
  readonly show: boolean;
}

/**
 * Prints the key, for a helper that asks a command for one. Standard output is what the caller asked for by name (I9), so it has to
 * be somewhere else than on a screen, where it stays in the scrollback. 1 where the value holds no key.
 */
export async function get(terminal: Terminal, wire: Wire, options: GetOptions): Promise<0 | 1> {
  const { settings, secret } = oneSecret(terminal, options);
  if (terminal.isWatched === true && !options.show)
    throw new Stop(2, 'the key would stand on your screen', 'pipe it to what needs it, or add --show');
  await using wired = wire(settings);
  const found = await consumerKey(wired.ports, { secret, readAs: options.at, field: options.field });
  if (found.is === 'none') {
    terminal.err(`key-warden: ${secret}: ${found.says}\n`);
    return 1;
  }
  terminal.outKey?.(`${found.key.reveal()}\n`);
  return 0;
}
