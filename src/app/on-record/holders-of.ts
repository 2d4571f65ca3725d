import type { KeyText } from '../../core/key/key-text.ts';
import { heldKeyIn } from '../../core/key/stored-form.ts';
import { keyOnRecord } from '../../core/record/key-on-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { gather, type Gathered, type Scope } from '../listing/gather.ts';
import type { Holder } from '../listing/holders.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { servedBy, type ServedValue } from '../listing/served.ts';
import type { SecretName, SecretSighting, Vault } from '../ports/ports.ts';

/** Which other secrets serve a key of each secret (I13); one that shares no key is not named. */
export type HoldersOf = ReadonlyMap<SecretName, readonly Holder[]>;

/**
 * As far as the records name keys at their issuer, so without reading one: a rotation made or found them. A secret shares what it serves,
 * and what it has retired and is not deleted. A key that somebody stored by hand is on no record.
 */
export function holdersOnRecord(sightings: readonly SecretSighting[]): HoldersOf {
  const served = sightings.flatMap(({ name: secret, aliases, record }) =>
    byName(aliases).flatMap(([readAs, version]) => {
      const key = keyOnRecord(record, version)?.name;
      return key === undefined ? [] : [{ key, holder: { secret, version, readAs } }];
    }),
  );
  const byKey = Map.groupBy(served, ({ key }) => key);
  return holdersBy(sightings, ({ aliases, record }) => {
    const journal = valueOf(record.rotation);
    const old = (valueOf(record.retired) ?? []).filter(({ deletedAt }) => deletedAt === undefined);
    const keys = new Set([
      ...Object.values(aliases).map((version) => keyOnRecord(record, version)?.name),
      ...old.map(({ key }) => key?.name),
      ...(journal === undefined || journal.phase === 'resting' ? [] : [journal.fromKey?.name]),
    ]);
    return [...keys].flatMap((key) => (key === undefined ? [] : (byKey.get(key) ?? [])));
  });
}

/** What reading them found, and what could not be read. */
export interface HoldersRead {
  readonly holders: HoldersOf;
  readonly notLooked: readonly string[];
}

/**
 * The same by the keys themselves: what every managed secret of the scope serves is read once and compared in memory, as before a
 * deletion. One or two accesses a secret: 3,999 at 2,000 that were rotated once, of the 90,000 a minute that a project has.
 */
export async function holdersRead(
  vault: Vault,
  { scopes, concurrency, secretPolicy }: Omit<Scope, 'secrets'> & { readonly secretPolicy: SecretPolicy },
  found: Gathered['found'],
): Promise<HoldersRead> {
  const all = await gather(vault, { scopes, concurrency });
  const sightings = [...new Map([...all.found, ...found].map(({ sighting }) => [sighting.name, sighting])).values()];
  const read = await inPool(sightings, concurrency, ALWAYS, async (sighting) => ({
    sighting,
    served: await servedBy(vault, sighting),
  }));
  const groups: { readonly key: KeyText; readonly served: { readonly holder: Holder }[] }[] = [];
  const notLooked = [...all.problems];
  for (const { sighting, served } of read.filter((one) => one !== undefined)) {
    const { keyField } = secretPolicyOf(sighting.record, secretPolicy).secretPolicy.mint;
    for (const value of served.values) {
      const key = heldKeyIn(value.bytes, keyField);
      if (key === undefined) continue;
      const one = { holder: holderOf(sighting.name, value) };
      const group = groups.find((known) => known.key.equals(key));
      if (group === undefined) groups.push({ key, served: [one] });
      else group.served.push(one);
    }
    if (served.trouble !== undefined) notLooked.push(`${sighting.name}: ${served.trouble.message}`);
  }
  const holders = holdersBy(sightings, ({ name }) =>
    groups.flatMap(({ served }) => (served.some(({ holder }) => holder.secret === name) ? served : [])),
  );
  return { holders, notLooked };
}

/** What `status --json` says of each secret; nothing where nobody read the keys and none is on record, which is no answer. */
export function sharedJson(holders: HoldersOf, isRead: boolean) {
  return (secret: SecretName) => {
    const others = holders.get(secret);
    if (!isRead && others === undefined) return {};
    return { holders: { known: isRead ? 'by reading' : 'on record', others: others ?? [] } };
  };
}

function holderOf(secret: SecretName, { number: version, readAs }: ServedValue): Holder {
  return { secret, version, readAs };
}

/** Each other secret once, by the first name under which it serves one of the keys. */
function holdersBy(
  sightings: readonly SecretSighting[],
  served: (sighting: SecretSighting) => readonly { readonly holder: Holder }[],
): HoldersOf {
  return new Map(
    sightings.flatMap((sighting) => {
      const others = new Map<SecretName, Holder>();
      for (const { holder } of served(sighting))
        if (holder.secret !== sighting.name && !others.has(holder.secret)) others.set(holder.secret, holder);
      return others.size === 0 ? [] : [[sighting.name, [...others.values()]] as const];
    }),
  );
}

/** `current` first: it is what a holder is named by. */
function byName(aliases: SecretSighting['aliases']): readonly (readonly [string, number])[] {
  return Object.entries(aliases).toSorted(([a], [b]) => Number(b === 'current') - Number(a === 'current'));
}
