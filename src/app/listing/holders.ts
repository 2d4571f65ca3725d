import { DISABLE_VERSION } from '../../core/causes/commands.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { valuesAbout } from '../../core/health/finding.ts';
import { shellText } from '../../core/values/command.ts';
import { holdsKey } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { plural } from '../../core/values/plural.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { Clock, SecretName, Vault } from '../ports/ports.ts';
import { gatherKept, isPassing, type Kept, type Scope } from './gather.ts';
import { LISTS_A_MINUTE, paceOf } from './pace.ts';
import { ALWAYS, inPool } from './pool.ts';
import { servedBy, type Served } from './served.ts';
import { servingOf, type Serving } from './serving.ts';
import { BY_NUMBER, unnamedVersions } from './unnamed-versions.ts';

/** A managed secret that gives a key to whoever reads it: as `current`, under another alias, as `latest`, or by a version's number. */
export interface Holder {
  readonly secret: SecretName;
  readonly version: number;
  readonly readAs: string;
}

/** Which secrets serve a key (I13). */
export interface Holders {
  /** Every managed secret of the scope but this one that serves the key. Rejects with `Fault` where trouble that passes hides some. */
  othersOf(key: KeyText, secret: SecretName): Promise<readonly Holder[]>;
  /**
   * Asked before the key is deleted at its issuer: the same and, where nobody serves it, those with an enabled version that holds
   * it and is read by its number alone.
   */
  othersBeforeDeletion(key: KeyText, secret: SecretName): Promise<readonly Holder[]>;
  /** All managed secrets of the scope, as far as a list of old keys goes, as they were listed. */
  listed(): Promise<readonly Serving[]>;
  /**
   * What was not looked at because somebody must mend a setting or a permission first; of a run's own list the run tells
   * itself.
   */
  notLooked(): readonly string[];
}

export interface HoldersOrder extends Omit<Scope, 'secrets'> {
  /** Asked before the versions of one more secret are looked at: what is left out then may hold the key. */
  readonly inTime?: (() => boolean) | undefined;
}

/**
 * Reads what every managed secret of the scopes serves, once, when the first question comes, and compares in memory. `known`
 * is where the run has the list already. Who is found is looked at once more, because its own rotation may have ended
 * meanwhile. An access for `latest` and one for each version that only an alias names: one or two a secret, of the 90,000 a
 * minute that a project has. The versions that no name leads to are read once a run as well, when the first key is about to be deleted.
 */
export function holdersIn(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  { scopes, concurrency, inTime = ALWAYS }: HoldersOrder,
  known?: Pick<Kept<Serving>, 'kept' | 'problems' | 'isPartial'>,
): Holders {
  let listing: Promise<readonly Serving[]> | undefined;
  let serving: Promise<readonly Served[]> | undefined;
  let unnamed: Promise<readonly Served[]> | undefined;
  const barred: string[] = [];
  const settled = (all: readonly Served[]): readonly Served[] => {
    for (const { trouble } of all) if (trouble !== undefined && isPassing(trouble)) throw trouble;
    const closed = all.filter(({ trouble }) => trouble !== undefined);
    barred.push(...closed.map(({ secret, trouble }) => `${secret}: ${trouble?.message}`));
    return all;
  };
  const list = async (): Promise<readonly Serving[]> => {
    const { kept, problems, isPartial } =
      known ?? (await gatherKept(vault, { scopes, concurrency }, ({ sighting }) => servingOf(sighting)));
    if (isPartial) throw new Fault('unavailable', `who else holds the key is not known: ${problems.join('; ')}`);
    if (known === undefined) barred.push(...problems);
    // A project that is named by its id and by its number is listed twice.
    return [...new Map(kept.map((one) => [one.name, one])).values()];
  };
  const listed = () => (listing ??= list());
  const readServed = async (): Promise<readonly Served[]> => {
    const served = await inPool(await listed(), concurrency, ALWAYS, (one) => servedBy(vault, one));
    return settled(served.filter((one) => one !== undefined));
  };
  const readUnnamed = async (): Promise<readonly Served[]> => {
    const open = (await (serving ??= readServed())).filter(({ trouble }) => trouble === undefined);
    const pace = paceOf(clock, LISTS_A_MINUTE);
    const looked = await inPool(open, concurrency, inTime, (one) => unnamedVersions(vault, one, pace));
    const late = looked.filter((one) => one === undefined).length;
    if (late > 0)
      throw new Fault(
        'unavailable',
        `who else holds the key is not known: there was no time left for the versions of ${plural(late, 'secret')}`,
      );
    return settled(looked.filter((one) => one !== undefined));
  };
  const othersAmong = async (
    all: readonly Served[],
    key: KeyText,
    secret: SecretName,
    again: typeof lookAgain,
  ): Promise<readonly Holder[]> => {
    const seen = all.filter((one) => one.secret !== secret && holderOf(one, key) !== undefined);
    const looks = await inPool(seen.slice(0, LOOKS_MAX), concurrency, ALWAYS, (one) => again(vault, one));
    const found = [...looks, ...seen.slice(LOOKS_MAX)].filter((one) => one !== undefined);
    return found.flatMap((one) => holderOf(one, key) ?? []);
  };
  const othersOf: Holders['othersOf'] = async (key, secret) =>
    othersAmong(await (serving ??= readServed()), key, secret, lookAgain);
  return {
    notLooked: () => barred,
    listed,
    othersOf,
    async othersBeforeDeletion(key, secret) {
      const others = await othersOf(key, secret);
      if (others.length > 0) return others;
      return othersAmong(await (unnamed ??= readUnnamed()), key, secret, readAgain);
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

/** The versions without a name that can be read by now: somebody may have disabled one, as they were told. */
async function readAgain(vault: Vault, seen: Served): Promise<Served> {
  const readings = await Promise.all(
    seen.values.map(async (value) => ({ value, again: await attempt(() => vault.read(seen.secret, value.number)) })),
  );
  const left = readings.filter(({ again }) => !(again instanceof Fault && isUnreadable(again)));
  return { ...seen, values: left.map(({ value }) => value) };
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

/** What frees the key of those who serve it. A rotation gives those that have a name for it another one; the others are read by whoever wrote a number down. */
export function freeingText(holders: readonly Holder[]): string {
  const unnamed = holders.find(({ readAs }) => readAs === BY_NUMBER);
  if (unnamed === undefined) return 'Rotate each of them, and a later purge deletes it';
  return `Disable what nobody reads by its number any more, and a later purge deletes it: ${shellText(DISABLE_VERSION, valuesAbout({ secret: unnamed.secret, project: projectIn(unnamed.secret), version: unnamed.version }))}`;
}

/** What is said of what was not looked at for holders; `undefined` when all was. */
export function notLookedText(notLooked: readonly string[]): string | undefined {
  const [first] = notLooked;
  if (first === undefined) return undefined;
  return `not looked at for copies of the keys to delete: ${plural(notLooked.length, 'place')}, of which the first: ${first}`;
}
