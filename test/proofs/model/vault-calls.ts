import type { SecretChange, SecretSighting, VersionSighting } from '../../../src/app/ports/ports.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { Effect } from './calls.ts';
import type { ModelVersion, World } from './world.ts';

/** The secret that rotates, and another one under care, of which nothing is modelled but the key that it serves. */
export const SECRET = 'projects/1/secrets/s';
export const ADS = 'projects/1/secrets/ads';

type Seen = Omit<SecretSighting, 'record'>;

/** What a look at a secret shows. */
export function sightingOf({ secret }: World, name: string): Seen {
  const common = { name, labels: {}, createdAt: instantOf(0) };
  if (name === ADS) return { ...common, etag: '0', annotations: {}, aliases: {} };
  return { ...common, etag: String(secret.etag), annotations: secret.annotations, aliases: secret.aliases };
}

/** All secrets under care. */
export function listed(world: World): readonly Seen[] {
  return (world.ads === undefined ? [SECRET] : [SECRET, ADS]).map((name) => sightingOf(world, name));
}

/** What a look at a version shows. */
export function versionSighting({ number, state, etag }: ModelVersion): VersionSighting {
  return { number, state, etag: String(etag), createdAt: instantOf(0) };
}

/** Writes the secret under its etag. */
export function commit(world: World, seen: SecretSighting, change: SecretChange): Effect {
  if (seen.etag !== String(world.secret.etag)) return { world, fault: 'stale' };
  const etag = world.etags + 1;
  const merged = <T>(
    before: Readonly<Record<string, T>>,
    changes: Readonly<Record<string, T | null>> = {},
  ): Readonly<Record<string, T>> =>
    Object.fromEntries(
      Object.entries({ ...before, ...changes }).filter((entry): entry is [string, T] => entry[1] !== null),
    );
  const secret = {
    etag,
    aliases: merged(seen.aliases, change.aliases),
    annotations: merged(seen.annotations, change.annotations),
  };
  const next = { ...world, etags: etag, secret };
  return { world: next, answer: sightingOf(next, SECRET) };
}

/** A version of the secret by its number, `latest`, or an alias. */
export function withVersion(world: World, ref: unknown, use: (version: ModelVersion) => Effect): Effect {
  const number =
    ref === 'latest' ? world.versions.at(-1)?.number : typeof ref === 'string' ? world.secret.aliases[ref] : ref;
  const version = world.versions.find((one) => one.number === number);
  return version === undefined ? { world, fault: 'not_found' } : use(version);
}

/** An access. That a version was read back is remembered for I2. */
export function read(world: World, name: string, ref: unknown): Effect {
  if (name === ADS) return readOther(world, ref);
  return withVersion(world, ref, ({ number, state, key, form }) => {
    if (state === 'disabled') return { world, fault: 'disabled' };
    const readBack = world.readBack.includes(number) ? world.readBack : [...world.readBack, number].toSorted();
    return { world: { ...world, readBack }, answer: { number, key, form } };
  });
}

function readOther(world: World, ref: unknown): Effect {
  const { latest, before } = world.ads ?? {};
  const [number, key] = ref === 1 ? [1, before] : [2, latest];
  return key === undefined ? { world, fault: 'disabled' } : { world, answer: { number, key } };
}

/** Adds a version; also used for what a person adds. */
export function add(world: World, value: Pick<ModelVersion, 'key' | 'form' | 'by'>): Effect {
  const etag = world.etags + 1;
  const version: ModelVersion = { number: world.versions.length + 1, state: 'enabled', etag, ...value };
  return { world: { ...world, etags: etag, versions: [...world.versions, version] }, answer: versionSighting(version) };
}

/** Enables or disables a version under its etag. */
export function setState(world: World, seen: VersionSighting, state: ModelVersion['state']): Effect {
  const version = world.versions.find(({ number }) => number === seen.number);
  if (version === undefined) return { world, fault: 'not_found' };
  if (String(version.etag) !== seen.etag) return { world, fault: 'stale' };
  const etag = world.etags + 1;
  const moved = { ...version, state, etag };
  const versions = world.versions.map((one) => (one === version ? moved : one));
  return { world: { ...world, etags: etag, versions }, answer: versionSighting(moved) };
}
