import { heldKeyIn, holdingOf } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { retiredKeyIn, type RetiredKey } from '../../core/rotation/retired-key.ts';
import { plural } from '../../core/values/plural.ts';
import { stableShuffle } from '../../core/values/stable-shuffle.ts';
import { dayOf } from '../../core/values/time.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { Clock, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import { gather, gatherAll, MANAGED_LABEL, type Scope } from './gather.ts';
import { LISTS_A_MINUTE, NO_TIME, paceOf } from './pace.ts';
import { ALWAYS, inPool } from './pool.ts';

export interface FindOrder extends Scope {
  /** Keys that somebody was handed. */
  readonly keys: readonly KeyText[];
  /** Whoever may read no others looks among the secrets under care. */
  readonly managedOnly?: boolean;
  /** The deployment's, for whoever must know which key of a value a rotation replaces. */
  readonly secretPolicy?: SecretPolicy | undefined;
  /** What a key leaves on the secret that retires it, for whoever must know which secrets did. */
  readonly tombstoneOf?: ((secret: SecretName, key: KeyText) => string | undefined) | undefined;
  /** Whether there is time to look further; always, for a person who waits. */
  readonly mayGoOn?: (() => boolean) | undefined;
}

/** A version that holds one of the keys. */
export interface KeyPlace {
  readonly secret: SecretName;
  readonly version: number;
  /** The names by which consumers get it, `current` first; without one only whoever pinned its number does. */
  readonly readAs: readonly string[];
  readonly managed: boolean;
  /** It is the very key that a rotation of this version replaces, character by character; left out where nobody asked. */
  readonly isReplaced?: boolean | undefined;
}

/** A secret that has retired one of the keys, and holds it in no version that can be read. */
interface RetiredPlace extends RetiredKey {
  readonly secret: SecretName;
}

/** Where keys are, and how far that was looked for. */
export interface KeysFound {
  /** In the order of the keys. */
  readonly places: readonly (readonly KeyPlace[])[];
  /** In the order of the keys. */
  readonly retired: readonly (readonly RetiredPlace[])[];
  readonly secrets: number;
  /** Versions that were read. */
  readonly versions: number;
  /** Versions that nobody can read until somebody enables them. */
  readonly disabled: number;
  /** What was not looked at, with the reason. */
  readonly notLooked: readonly string[];
  /** Whether a setting or a permission would let us see it; else it may be there in a while. */
  readonly barred: boolean;
}

/** Which secrets hold these keys, managed or not, in any version that can be read. `begun` hears how many are looked at. */
export async function findKeys(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  order: FindOrder,
  begun: (secrets: number) => void,
): Promise<KeysFound> {
  const { mayGoOn = ALWAYS } = order;
  const { found, findings, problems, barred } = await (order.managedOnly === true ? gather : gatherAll)(vault, order);
  begun(found.length);
  const pace = paceOf(clock, LISTS_A_MINUTE);
  // Where there is no time for all of them, each has its turn on some day.
  const inTurn =
    order.mayGoOn === undefined ? found : stableShuffle(found, ({ sighting: { name } }) => name, dayOf(clock.now()));
  const looks = await inPool(inTurn, order.concurrency, mayGoOn, async ({ sighting }) => {
    await pace();
    return lookThrough(vault, sighting, order);
  });
  const all = looks.filter((one) => one !== undefined);
  const troubles = all.flatMap((one) => one.troubles);
  return {
    places: order.keys.map((_, at) => all.flatMap(({ places }) => places[at] ?? [])),
    retired: order.keys.map((_, at) => all.flatMap(({ retired }) => retired[at] ?? [])),
    secrets: all.length,
    versions: sum(all.map(({ read }) => read)),
    disabled: sum(all.map(({ disabled }) => disabled)),
    notLooked: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...troubles.map(({ message }) => message),
      ...(all.length === found.length ? [] : [`${plural(found.length - all.length, 'secret')}: ${NO_TIME}`]),
    ],
    barred: barred || troubles.some(isBarred),
  };
}

interface Look {
  readonly places: readonly (readonly KeyPlace[])[];
  readonly retired: readonly (readonly RetiredPlace[])[];
  readonly read: number;
  readonly disabled: number;
  readonly troubles: readonly Fault[];
}

/** A version that was read. */
interface Reading {
  readonly number: number;
  readonly holds: (key: KeyText) => boolean;
  /** The key in it that a rotation replaces, where somebody asked. */
  readonly replaced: { readonly key: KeyText | undefined } | undefined;
}

async function lookThrough(
  vault: Vault,
  sighting: SecretSighting,
  { keys, secretPolicy, tombstoneOf }: Pick<FindOrder, 'keys' | 'secretPolicy' | 'tombstoneOf'>,
): Promise<Look> {
  const { name: secret, labels, aliases, record } = sighting;
  const field = secretPolicy && secretPolicyOf(record, secretPolicy).secretPolicy.mint.keyField;
  const managed = labels[MANAGED_LABEL.key] === MANAGED_LABEL.value;
  const versions = await attempt(() => vault.versions(secret));
  if (versions instanceof Fault)
    return { places: [], retired: [], read: 0, disabled: 0, troubles: [about(secret, versions)] };
  const readings: Reading[] = [];
  const troubles: Fault[] = [];
  for (const { number, state } of versions) {
    if (state !== 'enabled') continue;
    const reading = await attempt(() => vault.read(secret, number));
    if (reading instanceof Fault) troubles.push(about(`${secret} version ${number}`, reading));
    else
      readings.push({
        number,
        holds: holdingOf(reading.bytes),
        replaced: secretPolicy && { key: heldKeyIn(reading.bytes, field) },
      });
  }
  const newest = versions[0]?.number;
  const placeOf = ({ number: version, replaced }: Reading, key: KeyText): KeyPlace => {
    const named = Object.entries(aliases).filter(([, number]) => number === version);
    const names = named.map(([alias]) => alias).toSorted((a, b) => Number(b === 'current') - Number(a === 'current'));
    return {
      secret,
      version,
      managed,
      readAs: version === newest ? [...names, 'latest'] : names,
      ...(replaced === undefined ? {} : { isReplaced: replaced.key?.equals(key) === true }),
    };
  };
  const places = keys.map((key) => readings.filter(({ holds }) => holds(key)).map((reading) => placeOf(reading, key)));
  const retired = keys.map((key, at) => {
    const known = places[at]?.length === 0 ? retiredKeyIn(record, tombstoneOf?.(secret, key)) : undefined;
    return known === undefined ? [] : [{ secret, ...known }];
  });
  return {
    places,
    retired,
    read: readings.length,
    disabled: versions.filter(({ state }) => state === 'disabled').length,
    troubles,
  };
}

function about(place: string, { code, message }: Fault): Fault {
  return new Fault(code, `${place}: ${message}`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
