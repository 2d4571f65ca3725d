import { scopeParentOf } from '../../core/google/resource-names.ts';
import { recordOf } from '../../core/record/secret-record.ts';
import { merged } from '../../core/values/merged.ts';
import type { Instant } from '../../core/values/time.ts';
import { Fault } from '../ports/fault.ts';
import type {
  SecretChange,
  SecretName,
  SecretSighting,
  Vault,
  VersionReading,
  VersionRef,
  VersionSighting,
} from '../ports/ports.ts';
import { tellerOf, type TellCall } from './told.ts';

/**
 * A vault that reads the real one and only imagines writing: what was committed, added, enabled and disabled in here is
 * what later reads answer. Made for the rotation of one secret.
 */
export function rehearsedVault(real: Vault, now: () => Instant, tell: TellCall): Vault {
  const { read: readTold, write: writeTold } = tellerOf('vault', tell);
  let committed: SecretSighting | undefined;
  let newest = 0;
  /** Listed beside the rotation’s own secret, to see who else serves a key: nothing of them is imagined. */
  const others = new Set<SecretName>();
  /** Versions as they would be, and the bytes of those that would be new. */
  const states = new Map<number, VersionSighting>();
  const payloads = new Map<number, VersionReading>();

  /** The number behind a name as far as it is imagined; what nobody imagined is the real vault's to resolve. */
  const resolved = (ref: VersionRef): VersionRef => {
    if (ref === 'latest') return payloads.size === 0 ? ref : newest;
    return typeof ref === 'number' ? ref : (committed?.aliases[ref] ?? ref);
  };
  const imaginedAt = (ref: VersionRef): VersionSighting | undefined =>
    typeof ref === 'number' ? states.get(ref) : undefined;
  const seen = (version: VersionSighting): VersionSighting => {
    newest = Math.max(newest, version.number);
    return states.get(version.number) ?? version;
  };
  const move =
    (call: 'enable' | 'disable' | 'destroy', state: VersionSighting['state']) =>
    (secret: SecretName, version: VersionSighting): Promise<VersionSighting> => {
      writeTold(call, `${secret} version ${version.number}`);
      const moved = { ...version, state, etag: `${version.etag} then` };
      states.set(version.number, moved);
      return Promise.resolve(moved);
    };

  return {
    ...real,
    async look(secret) {
      readTold('look', secret, committed === undefined);
      return committed ?? real.look(secret);
    },
    async *list(scope, filter) {
      readTold('list', scopeParentOf(scope), true);
      for await (const sighting of real.list(scope, filter)) {
        const own = sighting.name === committed?.name ? committed : undefined;
        if (own === undefined) others.add(sighting.name);
        yield own ?? sighting;
      }
    },
    async read(secret, ref) {
      if (others.has(secret)) {
        readTold('read', `${secret} version ${ref}`, true);
        return real.read(secret, ref);
      }
      const version = resolved(ref);
      const state = imaginedAt(version)?.state ?? 'enabled';
      const added = typeof version === 'number' ? payloads.get(version) : undefined;
      readTold('read', `${secret} version ${ref}`, state === 'enabled' && added === undefined);
      if (state !== 'enabled') throw new Fault(state, `version ${version} of ${secret} would be ${state}`);
      return added ?? real.read(secret, version);
    },
    async versions(secret) {
      readTold('versions', secret, true);
      const there = (await real.versions(secret)).map(seen);
      const added = [...states.values()].filter(({ number }) => payloads.has(number));
      return [...added.toReversed(), ...there];
    },
    async lookVersion(secret, ref) {
      const version = resolved(ref);
      const imagined = imaginedAt(version);
      readTold('lookVersion', `${secret} version ${ref}`, imagined === undefined);
      return imagined ?? seen(await real.lookVersion(secret, version));
    },
    commit(read, change) {
      writeTold('commit', `${read.name}${saysOf(change)}`);
      committed = changed(read, change);
      return Promise.resolve(committed);
    },
    /** Whoever adds has looked at the versions before, so the newest number is known. */
    add(secret, bytes) {
      writeTold('add', secret);
      newest += 1;
      const added: VersionSighting = { number: newest, state: 'enabled', etag: 'imagined', createdAt: now() };
      payloads.set(newest, { number: newest, bytes });
      states.set(newest, added);
      return Promise.resolve(added);
    },
    enable: move('enable', 'enabled'),
    disable: move('disable', 'disabled'),
    destroy: move('destroy', 'destroyed'),
  };
}

/** Which aliases move, which is what people want to know of a commit. */
function saysOf({ aliases = {} }: SecretChange): string {
  const moves = Object.entries(aliases).map(([alias, to]) =>
    to === null ? `${alias} removed` : `${alias} → version ${to}`,
  );
  return moves.length === 0 ? '' : ` (${moves.join(', ')})`;
}

function changed(read: SecretSighting, { annotations = {}, aliases = {}, labels = {} }: SecretChange): SecretSighting {
  const kept = merged(read.annotations, annotations);
  return {
    ...read,
    etag: `${read.etag} then`,
    annotations: kept,
    record: recordOf(kept),
    aliases: merged(read.aliases, aliases),
    labels: merged(read.labels, labels),
  };
}
