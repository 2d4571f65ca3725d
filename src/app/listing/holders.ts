import { holdsKey } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { plural } from '../../core/values/plural.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { SecretName, SecretSighting, Vault, VersionReading, VersionRef } from '../ports/ports.ts';
import { gather, isPassing, type Found, type Gathered, type Scope } from './gather.ts';
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
 * is where the run has the list already. An access for each alias and one for `latest`: about three a secret, of the
 * 90,000 a minute that a project has. A version that no alias names and that is not the newest is not looked at.
 */
export function holdersIn(vault: Vault, { scopes, concurrency }: Omit<Scope, 'secrets'>, listed?: Gathered): Holders {
  let reading: Promise<readonly Served[]> | undefined;
  const barred: string[] = [];
  const readAll = async (): Promise<readonly Served[]> => {
    const { found, problems, isPartial } = listed ?? (await gather(vault, { scopes, concurrency }));
    if (isPartial) throw new Fault('unavailable', `who else holds the key is not known: ${problems.join('; ')}`);
    const served = await inPool(found, concurrency, ALWAYS, (one) => servedBy(vault, one));
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
      const all = await (reading ??= readAll());
      return all.flatMap((one) => {
        const value = one.secret === secret ? undefined : one.values.find(({ bytes }) => holdsKey(bytes, key));
        return value === undefined ? [] : [{ secret: one.secret, version: value.number, readAs: value.readAs }];
      });
    },
  };
}

/** What nobody can read serves nobody. */
async function servedBy(vault: Vault, { sighting }: Found): Promise<Served> {
  const values: (VersionReading & { readonly readAs: string })[] = [];
  for (const [readAs, version] of refsOf(sighting)) {
    const reading = await attempt(() => vault.read(sighting.name, version));
    if (!(reading instanceof Fault)) values.push({ ...reading, readAs });
    else if (!isUnreadable(reading)) return { secret: sighting.name, values, trouble: reading };
  }
  return { secret: sighting.name, values };
}

/** `current` first: it is what a holder is named by. */
function refsOf({ aliases }: SecretSighting): readonly (readonly [string, VersionRef])[] {
  const others = Object.entries(aliases).filter(([alias]) => alias !== 'current');
  const { current } = aliases;
  return [...(current === undefined ? [] : [['current', current] as const]), ...others, ['latest', 'latest'] as const];
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
