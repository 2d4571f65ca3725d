import { Fault } from '../fault.ts';
import type {
  SecretChange,
  SecretName,
  SecretSighting,
  Vault,
  VersionRef,
  VersionSighting,
  VersionState,
} from '../ports.ts';
import type { Instant } from '../../core/time.ts';
import type { TellCall } from './told.ts';

interface Imagined {
  readonly sighting: VersionSighting;
  readonly bytes: Uint8Array | undefined;
}

/**
 * A vault that reads the real one and only imagines writing: what was committed, added, enabled and disabled in here is
 * what later reads answer. Made for the rotation of one secret.
 */
export function rehearsedVault(real: Vault, now: () => Instant, tell: TellCall): Vault {
  let secret: SecretSighting | undefined;
  const versions = new Map<number, Imagined>();

  const look = async (name: SecretName): Promise<SecretSighting> => (secret ??= await real.look(name));
  const numberOf = async (name: SecretName, ref: VersionRef): Promise<VersionRef> => {
    if (ref === 'latest')
      return (
        Math.max(0, ...[...versions].flatMap(([number, { bytes }]) => (bytes === undefined ? [] : [number]))) || ref
      );
    return typeof ref === 'number' ? ref : ((await look(name)).aliases[ref] ?? ref);
  };
  const imagine = (version: VersionSighting, state: VersionState): VersionSighting => {
    const bytes = versions.get(version.number)?.bytes;
    const sighting = { ...version, state, etag: `${version.etag} then` };
    versions.set(version.number, { sighting, bytes });
    return sighting;
  };
  const write = (call: string, name: SecretName, version: VersionSighting, state: VersionState) => {
    tell({ kind: 'write', call, on: `${name} version ${version.number}` });
    return Promise.resolve(imagine(version, state));
  };

  return {
    ...real,
    async look(name) {
      tell({ kind: 'read', call: 'look', on: name });
      return look(name);
    },
    async read(name, ref) {
      tell({ kind: 'read', call: 'read', on: `${name} version ${ref}` });
      const number = await numberOf(name, ref);
      const imagined = typeof number === 'number' ? versions.get(number) : undefined;
      if (imagined?.sighting.state === 'disabled') throw new Fault('disabled', `version ${number} would be disabled`);
      const { bytes } = imagined ?? {};
      return bytes !== undefined && imagined !== undefined
        ? { number: imagined.sighting.number, bytes }
        : real.read(name, number);
    },
    async versions(name) {
      tell({ kind: 'read', call: 'versions', on: name });
      const seen = await real.versions(name);
      const added = [...versions.values()].filter(({ bytes }) => bytes !== undefined).map(({ sighting }) => sighting);
      return [...added.toReversed(), ...seen.map((version) => versions.get(version.number)?.sighting ?? version)];
    },
    async lookVersion(name, ref) {
      tell({ kind: 'read', call: 'lookVersion', on: `${name} version ${ref}` });
      const number = await numberOf(name, ref);
      const imagined = typeof number === 'number' ? versions.get(number)?.sighting : undefined;
      return imagined ?? real.lookVersion(name, number);
    },
    commit(read, change) {
      tell({ kind: 'write', call: 'commit', on: `${read.name}${saysOf(change)}` });
      secret = changed(read, change);
      return Promise.resolve(secret);
    },
    async add(name, bytes) {
      tell({ kind: 'write', call: 'add', on: name });
      const newest = Math.max((await real.lookVersion(name, 'latest')).number, ...versions.keys());
      const sighting: VersionSighting = { number: newest + 1, state: 'enabled', etag: 'imagined', createdAt: now() };
      versions.set(sighting.number, { sighting, bytes });
      return sighting;
    },
    enable: (name, version) => write('enable', name, version, 'enabled'),
    disable: (name, version) => write('disable', name, version, 'disabled'),
    destroy: (name, version) => write('destroy', name, version, 'destroyed'),
  };
}

/** Which aliases move, which is what people want to know of a commit. */
function saysOf({ aliases = {} }: SecretChange): string {
  const moves = Object.entries(aliases).map(([alias, to]) =>
    to === null ? `${alias} removed` : `${alias} → version ${to}`,
  );
  return moves.length === 0 ? '' : ` (${moves.join(', ')})`;
}

function changed(read: SecretSighting, { annotations, aliases, labels }: SecretChange): SecretSighting {
  return {
    ...read,
    etag: `${read.etag} then`,
    annotations: merged(read.annotations, annotations),
    aliases: merged(read.aliases, aliases),
    labels: merged(read.labels, labels),
  };
}

function merged<T>(
  before: Readonly<Record<string, T>>,
  change: Readonly<Record<string, T | null>> = {},
): Readonly<Record<string, T>> {
  const after: Record<string, T> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(after, name);
    else after[name] = value;
  }
  return after;
}
