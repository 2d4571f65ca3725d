import { holdsKey } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { plural } from '../../core/values/plural.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { SecretName, SecretSighting, Vault, VersionReading, VersionRef } from '../ports/ports.ts';
import { gather, isPassing, type Gathered, type Scope } from './gather.ts';
import { ALWAYS, inPool } from './pool.ts';

/** A managed secret that gives a key to whoever reads it: as `current`, under another alias, or as `latest`. */
export interface Holder {
  readonly secret: SecretName;
  readonly version: number;
  readonly readAs: string;
}

/** Which secrets serve a key, asked before it is deleted at its issuer (I13). */
export interface Holders {
  /** Every managed secret of the scope but this one that serves the key. Rejects with `Fault` where trouble that passes hides some. */
  othersOf(key: KeyText, secret: SecretName): Promise<readonly Holder[]>;
  /**
   * What was not looked at because somebody must mend a setting or a permission first; of a run's own list the run tells
   * itself.
   */
  notLooked(): readonly string[];
}

/** The values that a secret serves, or why nobody can tell. */
interface Served {
  readonly secret: SecretName;
  readonly values: readonly (VersionReading & { readonly readAs: string })[];
  readonly trouble?: Fault | undefined;
}

/**
 * Reads what every managed secret of the scopes serves, once, when the first question comes, and compares in memory. `listed`
 * is where the run has the list already. Who is found is looked at once more, because its own rotation may have ended
 * meanwhile. An access for `latest` and one for each version that only an alias names: one or two a secret, of the 90,000 a
 * minute that a project has. A version that no alias names and that is not the newest is not looked at.
 */
export function holdersIn(vault: Vault, { scopes, concurrency }: Omit<Scope, 'secrets'>, listed?: Gathered): Holders {
  let reading: Promise<readonly Served[]> | undefined;
  const barred: string[] = [];
  const readAll = async (): Promise<readonly Served[]> => {
    const { found, problems, isPartial } = listed ?? (await gather(vault, { scopes, concurrency }));
    if (isPartial) throw new Fault('unavailable', `who else holds the key is not known: ${problems.join('; ')}`);
    // A project that is named by its id and by its number is listed twice.
    const sightings = [...new Map(found.map(({ sighting }) => [sighting.name, sighting])).values()];
    const served = await inPool(sightings, concurrency, ALWAYS, (sighting) => servedBy(vault, sighting));
    const all = served.filter((one) => one !== undefined);
    for (const { trouble } of all) if (trouble !== undefined && isPassing(trouble)) throw trouble;
    const closed = all.filter(({ trouble }) => trouble !== undefined);
    barred.push(
      ...(listed === undefined ? problems : []),
      ...closed.map(({ secret, trouble }) => `${secret}: ${trouble?.message}`),
    );
    return all;
  };
  return {
    notLooked: () => barred,
    async othersOf(key, secret) {
      const seen = (await (reading ??= readAll())).filter(
        (one) => one.secret !== secret && holderOf(one, key) !== undefined,
      );
      const looks = await inPool(seen.slice(0, LOOKS_MAX), concurrency, ALWAYS, (one) => lookAgain(vault, one));
      const all = [...looks, ...seen.slice(LOOKS_MAX)].filter((one) => one !== undefined);
      return all.flatMap((one) => holderOf(one, key) ?? []);
    },
  };
}

/** Holders of one key that are looked at once more; of more than these, the others are holders as they were seen. */
const LOOKS_MAX = 20;

/** The secret as a holder of the key, by the first name under which it serves it. */
function holderOf({ secret, values }: Served, key: KeyText): Holder | undefined {
  const value = values.find(({ bytes }) => holdsKey(bytes, key));
  return value === undefined ? undefined : { secret, version: value.number, readAs: value.readAs };
}

/** What a secret serves by now. One that is gone serves nobody; what cannot be seen again stays as it was seen. */
async function lookAgain(vault: Vault, seen: Served): Promise<Served> {
  const sighting = await attempt(() => vault.look(seen.secret));
  if (sighting instanceof Fault) return sighting.code === 'not_found' ? { ...seen, values: [] } : seen;
  const served = await servedBy(vault, sighting);
  return served.trouble === undefined ? served : seen;
}

/** What nobody can read serves nobody. `latest` first: most aliases name the same version, which is read once. */
async function servedBy(vault: Vault, { name: secret, aliases }: SecretSighting): Promise<Served> {
  const read = new Map<VersionRef, VersionReading>();
  const refs = [...new Set<VersionRef>(['latest', ...Object.values(aliases)])];
  let trouble: Fault | undefined;
  for (const version of refs) {
    if (read.has(version)) continue;
    const reading = await attempt(() => vault.read(secret, version));
    if (reading instanceof Fault) {
      if (isUnreadable(reading)) continue;
      trouble = reading;
      break;
    }
    read.set(version, reading).set(reading.number, reading);
  }
  const values = namesOf(aliases).flatMap(([readAs, version]) => {
    const reading = read.get(version);
    return reading === undefined ? [] : [{ ...reading, readAs }];
  });
  return { secret, values, trouble };
}

/** `current` first: it is what a holder is named by. */
function namesOf(aliases: SecretSighting['aliases']): readonly (readonly [string, VersionRef])[] {
  const { current, ...others } = aliases;
  return [
    ...(current === undefined ? [] : [['current', current] as const]),
    ...Object.entries(others),
    ['latest', 'latest'] as const,
  ];
}

const NAMED_MAX = 5;

/** Holders as people are told of them: a few by name. */
export function holdersText(holders: readonly Holder[]): string {
  const named = holders
    .slice(0, NAMED_MAX)
    .map(({ secret, version, readAs }) => `${secret} version ${version} (${readAs})`);
  const rest = holders.length - named.length;
  return `${named.join(', ')}${rest === 0 ? '' : ` and ${plural(rest, 'more secret')}`}`;
}

/** What is said of what was not looked at for holders; `undefined` when all was. */
export function notLookedText(notLooked: readonly string[]): string | undefined {
  const [first] = notLooked;
  if (first === undefined) return undefined;
  return `not looked at for copies of the keys to delete: ${plural(notLooked.length, 'place')}, of which the first: ${first}`;
}
