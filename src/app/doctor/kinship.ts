import type { KeyText } from '../../core/key/key-text.ts';
import { lintStoredBytes } from '../../core/key/stored-bytes.ts';
import { valueOf } from '../../core/record/part.ts';
import { NO_TOMBSTONES } from '../../core/record/tombstones.ts';
import { tombstoneOf } from '../keys/tombstone.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';
import { readAsOf } from '../probe/probe-secret.ts';

/** What the key of another place is to a secret. */
export type Kinship =
  | { readonly is: 'current'; readonly secret: SecretName; readonly version: number }
  /** Of another version than the one that consumers are to read, older or newer. */
  | { readonly is: 'older' | 'newer'; readonly secret: SecretName; readonly version: number; readonly current: number }
  /** Of no version that can be read any more; a rotation ended it here. */
  | { readonly is: 'retired' | 'leaked'; readonly secret: SecretName }
  /** Of none of the versions that can be read, `versions` of them; `all` unless there are more. */
  | { readonly is: 'unknown'; readonly secret: SecretName; readonly versions: number; readonly all: boolean }
  | { readonly is: 'not_seen'; readonly secret: SecretName; readonly why: string };

/** Each costs an access, and somebody waits; a copy that is older than this many is old in any case. */
const VERSIONS_MAX = 20;

/**
 * Says of each place which version of the secret its key is: `undefined` where it holds none. Versions are read, newest first, only
 * until every key is found. Never rejects for outside trouble.
 */
export async function kinshipsOf(
  vault: Pick<Vault, 'look' | 'read' | 'versions'>,
  secret: SecretName,
  places: readonly { readonly bytes: Uint8Array | undefined }[],
): Promise<readonly (Kinship | undefined)[]> {
  const keys = places.map(({ bytes }) => (bytes === undefined ? undefined : lintStoredBytes(bytes).key));
  if (keys.every((key) => key === undefined)) return keys.map(() => undefined);
  const known = await attempt(() => versionsUntil(vault, secret, keys));
  return keys.map((key): Kinship | undefined => {
    if (key === undefined) return undefined;
    if (known instanceof Fault) return { is: 'not_seen', secret, why: known.message };
    return kinshipOf(secret, known, key);
  });
}

/** What is known of a secret, as far as was read. */
interface Known {
  readonly current: number;
  readonly held: readonly { readonly version: number; readonly key: KeyText }[];
  readonly all: boolean;
  readonly ended: (key: KeyText) => 'retired' | 'leaked' | undefined;
}

async function versionsUntil(
  vault: Pick<Vault, 'look' | 'read' | 'versions'>,
  secret: SecretName,
  keys: readonly (KeyText | undefined)[],
): Promise<Known> {
  const sighting = await vault.look(secret);
  const first = await vault.read(secret, readAsOf(sighting));
  const held = keyOf(first.number, first.bytes);
  const isOpen = () => keys.some((key) => key !== undefined && !held.some((one) => one.key.equals(key)));
  const listed = isOpen() ? await vault.versions(secret) : [];
  const others = listed.filter(({ state, number }) => state === 'enabled' && number !== first.number);
  for (const { number } of others.slice(0, VERSIONS_MAX)) {
    if (!isOpen()) break;
    const reading = await attempt(() => vault.read(secret, number));
    if (!(reading instanceof Fault)) held.push(...keyOf(number, reading.bytes));
  }
  const { retired, leaked } = valueOf(sighting.record.tombstones) ?? NO_TOMBSTONES;
  return {
    current: first.number,
    held,
    all: others.length <= VERSIONS_MAX,
    ended(key) {
      const tombstone = tombstoneOf(sighting.name, key);
      if (tombstone === undefined) return undefined;
      if (leaked.includes(tombstone)) return 'leaked';
      return retired.includes(tombstone) ? 'retired' : undefined;
    },
  };
}

function keyOf(version: number, bytes: Uint8Array): { readonly version: number; readonly key: KeyText }[] {
  const { key } = lintStoredBytes(bytes);
  return key === undefined ? [] : [{ version, key }];
}

function kinshipOf(secret: SecretName, { current, held, all, ended }: Known, key: KeyText): Kinship {
  const found = held.find((one) => one.key.equals(key));
  const is = ended(key);
  if (found?.version === current) return { is: 'current', secret, version: current };
  if (is === 'leaked') return { is, secret };
  if (found !== undefined)
    return { is: found.version < current ? 'older' : 'newer', secret, version: found.version, current };
  return is === undefined ? { is: 'unknown', secret, versions: held.length, all } : { is, secret };
}

/** What it means for who keeps the place, as a sentence without its subject. */
export function saysOf(kinship: Kinship): string {
  const { is, secret } = kinship;
  const bring = 'bring the current key there, or have what reads it read Secret Manager';
  switch (is) {
    case 'current':
      return `holds the current key of ${secret}`;
    case 'older':
      return `holds the key of version ${kinship.version} of ${secret}, and consumers are to read version ${kinship.current}: ${bring}`;
    case 'newer':
      return `holds the key of version ${kinship.version} of ${secret}, which consumers are not to read yet; theirs is version ${kinship.current}`;
    case 'retired':
      return `holds a key that ${secret} has retired: ${bring}`;
    case 'leaked':
      return `holds a key that ${secret} has retired because it leaked: take it away there, and ${bring}`;
    case 'unknown':
      return `holds a different key than ${secret}, in none of ${kinship.all ? 'its' : 'the newest'} versions that can be read (${kinship.versions}): a rotation of the secret does not reach it`;
    case 'not_seen':
      return `could not be compared with ${secret}: ${kinship.why.replace(/\.$/, '')}`;
  }
}

/** Whether the place has to be set right: what it holds is ended by a rotation, or was. */
export function isBehind({ is }: Kinship): boolean {
  return is === 'older' || is === 'retired' || is === 'leaked';
}
