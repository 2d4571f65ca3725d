import { findingsOf, type KeyFinding } from '../../core/inventory/findings.ts';
import { lastUseOf, useAskedSince, type Held, type SeenKey } from '../../core/inventory/seen-key.ts';
import { KeyText } from '../../core/key/key-text.ts';
import type { Instant } from '../../core/values/time.ts';
import { SECRET_MARK } from '../keys/key-marks.ts';
import { findKeys, type KeysFound } from '../listing/find-keys.ts';
import { NO_TIME } from '../listing/pace.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import type { GoogleReader } from '../ports/google-reader.ts';
import type { Clock, Issuer, Meter, SecretScope, Vault } from '../ports/ports.ts';
import type { Usage } from '../../core/rotation/rhythm.ts';
import { accountStates, type AccountStates } from './account-states.ts';
import { keysAtIssuer, type KeyAtIssuer, type KeysOrder, type Unlisted } from './keys-at-issuer.ts';

/** All that is asked for an inventory; every call only reads. */
export interface InventoryPorts {
  readonly vault: Vault;
  readonly issuer: Pick<Issuer, 'list' | 'keyString'>;
  readonly meter: Meter;
  readonly reader: GoogleReader;
  readonly clock: Clock;
}

export interface InventoryOrder extends KeysOrder {
  /** Where the secrets are that are looked through for holders. */
  readonly scopes: readonly SecretScope[];
  /** The account that the settings bind new keys to, for cures. */
  readonly serviceAccount?: string | undefined;
}

/** A key that reaches the Gemini API, and what is to be mended about it. */
export interface InventoryLine {
  readonly key: SeenKey;
  readonly findings: readonly KeyFinding[];
}

/** Every key that was seen, what was not looked at, and what the looking cost. */
export interface Inventory {
  readonly at: Instant;
  readonly projects: readonly string[];
  readonly lines: readonly InventoryLine[];
  /** Projects whose keys were not all listed, with the reason: what else is there is not known. */
  readonly unlisted: readonly Unlisted[];
  readonly notLooked: readonly string[];
  /** Whether a setting or a permission would let us see it; else it may be there in a while. */
  readonly barred: boolean;
  readonly calls: {
    readonly keyLists: number;
    readonly keyStrings: number;
    readonly useCounts: number;
    readonly accounts: number;
    readonly secrets: number;
    readonly versions: number;
  };
}

/** Nothing was looked through where there was nothing to look for. */
const NOWHERE: KeysFound = {
  places: [],
  retired: [],
  secrets: 0,
  versions: 0,
  disabled: 0,
  notLooked: [],
  barred: false,
};

const NO_TIME_TO_MEASURE: Usage = { known: false, why: NO_TIME };

/** Every key of the projects that can reach the Gemini API, with its use, its account and its holders. `begun` hears what is looked through. */
export async function inventory(
  ports: InventoryPorts,
  order: InventoryOrder,
  begun: (keys: number, secrets: number) => void,
): Promise<Inventory> {
  const { clock, meter, reader } = ports;
  const { mayGoOn = ALWAYS } = order;
  const at = clock.now();
  const atIssuer = await keysAtIssuer(ports, order);
  const texts = atIssuer.keys.flatMap(({ text }) => (text instanceof KeyText ? [text] : []));
  const found =
    texts.length === 0
      ? NOWHERE
      : await findKeys(ports, { ...order, keys: texts }, (secrets) => begun(atIssuer.keys.length, secrets));
  const accounts = accountStates(reader);
  const seen = await inPool(atIssuer.keys, order.concurrency, ALWAYS, async (key) => {
    const { project, record } = key;
    const usage = mayGoOn() ? await meter.usage(project, record.uid, useAskedSince(at), at) : NO_TIME_TO_MEASURE;
    const { createdAt, serviceAccountEmail } = record;
    const lastUse = lastUseOf(usage, { createdAt, isBound: serviceAccountEmail !== undefined }, at);
    return { ...(await seenKey(key, accounts)), lastUse, held: heldBy(key, texts, found) };
  });
  const lines = seen
    .filter((one) => one !== undefined)
    .map((key) => ({ key, findings: findingsOf(key, { now: at, serviceAccount: order.serviceAccount }) }));
  const { keyStrings, lists: keyLists } = atIssuer;
  const { secrets, versions } = found;
  return {
    at,
    projects: order.projects,
    lines,
    unlisted: atIssuer.unlisted,
    notLooked: [...atIssuer.notLooked, ...found.notLooked, ...accounts.notLooked()],
    barred: atIssuer.barred || found.barred || accounts.barred(),
    calls: { keyLists, keyStrings, useCounts: lines.length, accounts: accounts.asked(), secrets, versions },
  };
}

/** What the issuer and the account say of a key. */
async function seenKey(
  { project, record, reach, text }: KeyAtIssuer,
  accounts: AccountStates,
): Promise<Omit<SeenKey, 'lastUse' | 'held'>> {
  const { name, uid, displayName, createdAt, serviceAccountEmail: email } = record;
  const account = email === undefined ? undefined : { email, state: await accounts.of(email) };
  // Only keys of the new type are bound to an account; the type of any other is told by its characters alone.
  const kind = text instanceof KeyText ? text.kind : email === undefined ? 'unknown' : 'auth';
  return { name, uid, displayName, project, kind, reach, account, createdAt };
}

/** What was not looked through may hold the key: only a search without a gap ends with nobody. */
function heldBy({ text, record }: KeyAtIssuer, texts: readonly KeyText[], found: KeysFound): Held {
  if (!(text instanceof KeyText)) return { is: 'not_looked', why: text.notRead };
  const at = texts.indexOf(text);
  const places = found.places.slice(at, at + 1).flat();
  if (places.length > 0) return { is: 'held', places };
  const { [SECRET_MARK]: secret } = record.annotations;
  if (secret !== undefined) return { is: 'kept_for_purge', secret };
  if (found.notLooked.length === 0) return { is: 'nobody' };
  return { is: 'not_looked', why: 'not every secret was looked through' };
}
