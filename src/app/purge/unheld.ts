import { secretWarnings } from '../../core/alerts/secret-warning.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { spokenMinuteBy } from '../../core/values/time.ts';
import { copiesOf } from '../keys/copies.ts';
import { deletionDateOf } from '../keys/deletion-date.ts';
import { freeingText, holdersText, type Holders } from '../listing/holders.ts';
import { BY_NUMBER } from '../listing/unnamed-versions.ts';
import { Fault } from '../ports/fault.ts';
import type { Announcer, Clock, IssuedKey, SecretName, Vault } from '../ports/ports.ts';

export interface UnheldPorts {
  readonly vault: Vault;
  readonly holders: Holders;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/** A key that is about to be deleted. */
export interface Doomed {
  readonly secret: SecretName;
  readonly key: KeyText;
  /** At its issuer. */
  readonly name: string;
  /** As its issuer has it; absent where that says that it has none. */
  readonly record: IssuedKey | undefined;
  readonly isLeak: boolean;
}

/**
 * Rejects with `wrong_state`, which names them, while other secrets serve the key (I13), or one of its own secret's further versions
 * holds it. A leaked key is kept by none of the latter, and by the others until the date that somebody set; then they are told,
 * and it goes.
 */
export async function unheld(ports: UnheldPorts, doomed: Doomed): Promise<void> {
  await unheldByOthers(ports, doomed);
  if (!doomed.isLeak) await unheldByItself(ports, doomed);
}

async function unheldByOthers(
  { holders, announcer, clock }: UnheldPorts,
  { secret, key, name, record, isLeak }: Doomed,
): Promise<void> {
  const others = await holders.othersBeforeDeletion(key, secret);
  if (others.length === 0) return;
  const now = clock.now();
  const by = record !== undefined && isLeak ? deletionDateOf(record, now) : undefined;
  if (by !== undefined && by <= now) {
    const risk = { because: 'shared_key_deleted', key: name, holders: holdersText(others) } as const;
    for (const warning of secretWarnings(projectIn(secret), [{ secret, risk }], now)) await announcer.announce(warning);
    return;
  }
  const why = `other secrets serve this very key, so it is not deleted: ${holdersText(others)}. ${freeingText(others)}`;
  throw new Fault(
    'wrong_state',
    by === undefined ? why : `${why}. It is deleted all the same from ${spokenMinuteBy(by)} on, as somebody asked for`,
  );
}

/** Also what no name leads to. */
async function unheldByItself({ vault }: UnheldPorts, { secret, key }: Doomed): Promise<void> {
  const [copy] = await copiesOf(vault, secret, key, await vault.versions(secret));
  if (copy === undefined) return;
  const holder = { secret, version: copy.number, readAs: BY_NUMBER };
  throw new Fault(
    'wrong_state',
    `version ${copy.number} is enabled and holds this very key, so it is not deleted. ${freeingText([holder])}`,
  );
}
