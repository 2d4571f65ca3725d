import { recordOf } from '../../../src/core/record/secret-record.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type {
  SecretChange,
  SecretName,
  SecretScope,
  SecretSighting,
  Vault,
  VersionSighting,
} from '../../../src/app/ports/ports.ts';
import { scopeParentOf } from '../../../src/core/google/resource-names.ts';
import { instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { canonicalName, memorySecrets, versionOf, type StoredSecret } from './memory-secrets.ts';

/** What a new secret begins with. */
export interface NewSecret {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The API's `version_destroy_ttl`: destroying only schedules, and the version is disabled until then. */
  readonly destroyDelayMs?: number;
}

/** A `Vault` in memory that obeys the contract of the real one, and fails where a test tells it to. */
export interface MemoryVault extends Vault {
  create(scope: SecretScope, id: string, fields?: NewSecret): SecretName;
  /** The next such call rejects and changes nothing. */
  failNext(call: keyof Vault, fault: Fault): void;
  /** The next such call is carried out and rejects all the same: its answer is lost. */
  loseNext(call: keyof Vault, fault: Fault): void;
  /** From now on only these permissions are held; all of them before. */
  allowOnly(...permissions: string[]): void;
  /** Every call so far, in order, the failed ones too. */
  readonly calls: readonly (keyof Vault)[];
}

/** `now` stamps what is created; a constant by default. */
export function memoryVault(now: () => Instant = () => instantOf(1_800_000_000_000)): MemoryVault {
  const secrets = memorySecrets();
  const calls: (keyof Vault)[] = [];
  const planted: { readonly call: keyof Vault; readonly fault: Fault; readonly applied: boolean }[] = [];
  let allowed: readonly string[] | undefined;
  let etags = 0;
  const freshEtag = (): string => `"${(etags += 1).toString(16)}"`;

  const called = async <T>(call: keyof Vault, apply: () => T): Promise<T> => {
    await Promise.resolve();
    calls.push(call);
    const at = planted.findIndex((plan) => plan.call === call);
    const [plan] = at < 0 ? [] : planted.splice(at, 1);
    if (plan?.applied === false) throw plan.fault;
    const answer = apply();
    if (plan !== undefined) throw plan.fault;
    return structuredClone(answer);
  };

  const move = (
    call: 'enable' | 'disable' | 'destroy',
    secret: SecretName,
    read: VersionSighting,
    next: (current: VersionSighting, stored: StoredSecret) => Partial<VersionSighting>,
  ): Promise<VersionSighting> =>
    called(call, () => {
      const stored = secrets.get(secret);
      const version = versionOf(stored, read.number);
      if (version.sighting.etag !== read.etag) throw stale();
      if (version.sighting.state === 'destroyed') {
        throw new Fault('destroyed', 'SecretVersion.state is already DESTROYED');
      }
      const { scheduledDestroyAt: _, ...unscheduled } = version.sighting;
      version.sighting = { ...unscheduled, ...next(version.sighting, stored), etag: freshEtag() };
      if (version.sighting.state === 'destroyed') version.bytes = undefined;
      return version.sighting;
    });

  const vault = {
    calls,

    create(scope, id, { labels = {}, annotations = {}, destroyDelayMs } = {}) {
      const name = canonicalName(`${scopeParentOf(scope)}/secrets/${id}`);
      const record = recordOf(annotations);
      const sighting = { name, etag: freshEtag(), labels, annotations, record, aliases: {}, createdAt: now() };
      secrets.put({ sighting: structuredClone(sighting), versions: [], destroyDelayMs });
      return name;
    },
    failNext: (call, fault) => void planted.push({ call, fault, applied: false }),
    loseNext: (call, fault) => void planted.push({ call, fault, applied: true }),
    allowOnly(...permissions) {
      allowed = permissions;
    },

    async *list(scope, filter) {
      const label = labelFilterOf(filter);
      yield* await called('list', () => {
        const found = secrets.within(scope).map(({ sighting }) => sighting);
        return found.filter(({ labels }) => label === undefined || labels[label.key] === label.value);
      });
    },
    look: (secret) => called('look', () => secrets.get(secret).sighting),
    read: (secret, ref) =>
      called('read', () => {
        const stored = secrets.get(secret);
        const { sighting, bytes } = versionOf(stored, ref);
        if (bytes === undefined || sighting.state !== 'enabled') {
          const code = sighting.state === 'disabled' ? 'disabled' : 'destroyed';
          const name = `${stored.sighting.name}/versions/${sighting.number}`;
          throw new Fault(code, `Secret Version [${name}] is in ${code.toUpperCase()} state.`);
        }
        return { number: sighting.number, bytes };
      }),
    versions: (secret) =>
      called('versions', () =>
        secrets
          .get(secret)
          .versions.map(({ sighting }) => sighting)
          .toReversed(),
      ),
    lookVersion: (secret, ref) => called('lookVersion', () => versionOf(secrets.get(secret), ref).sighting),

    commit: (read, change) =>
      called('commit', () => {
        const stored = secrets.get(read.name);
        if (stored.sighting.etag !== read.etag) throw stale();
        const next = changed(read, change);
        refuseWhatTheApiRefuses(next, stored);
        const record = recordOf(next.annotations ?? stored.sighting.annotations);
        stored.sighting = { ...stored.sighting, ...next, record, etag: freshEtag() };
        return stored.sighting;
      }),

    add: (secret, bytes) =>
      called('add', () => {
        const { versions } = secrets.get(secret);
        if (bytes.length === 0) throw new Fault('invalid', 'SecretPayload.data must not be empty.');
        if (bytes.length > 65_536) throw new Fault('invalid', 'The payload is over 65,536 bytes.');
        const number = versions.length + 1;
        const sighting: VersionSighting = { number, state: 'enabled', etag: freshEtag(), createdAt: now() };
        versions.push({ sighting, bytes: Uint8Array.from(bytes) });
        return sighting;
      }),

    enable: (secret, version) => move('enable', secret, version, () => ({ state: 'enabled' })),
    disable: (secret, version) => move('disable', secret, version, () => ({ state: 'disabled' })),
    destroy: (secret, version) =>
      move('destroy', secret, version, ({ scheduledDestroyAt }, { destroyDelayMs }) => {
        if (scheduledDestroyAt !== undefined) {
          throw new Fault('wrong_state', 'SecretVersion is already scheduled for DESTRUCTION.');
        }
        if (destroyDelayMs === undefined) return { state: 'destroyed' };
        return { state: 'disabled', scheduledDestroyAt: plusMs(now(), destroyDelayMs) };
      }),

    permitted: (secret, permissions) =>
      called('permitted', () => {
        secrets.get(secret);
        return permissions.filter((permission) => allowed?.includes(permission) ?? true);
      }),
  } satisfies MemoryVault;
  return vault;
}

function stale(): Fault {
  return new Fault('stale', "The etag provided in the request does not match the resource's current etag.");
}

/** Only the filter that the product sends is understood; another one is a mistake of the test. */
function labelFilterOf(filter: string): { readonly key: string; readonly value: string } | undefined {
  if (filter === '') return undefined;
  const { key, value } = /^labels\.(?<key>[\w-]+)=(?<value>[\w-]+)$/.exec(filter)?.groups ?? {};
  if (key !== undefined && value !== undefined) return { key, value };
  throw new Fault('invalid', `The twin understands only labels.<key>=<value>, not "${filter}".`);
}

type Maps = Pick<SecretSighting, 'labels' | 'annotations' | 'aliases'>;

/** Maps that are not named stay as they are now; one that is named is what was read plus the change. */
function changed(read: SecretSighting, change: SecretChange): Partial<Maps> {
  return {
    ...(change.labels && { labels: merged(read.labels, change.labels) }),
    ...(change.annotations && { annotations: merged(read.annotations, change.annotations) }),
    ...(change.aliases && { aliases: merged(read.aliases, change.aliases) }),
  };
}

function merged<T>(read: Readonly<Record<string, T>>, change: Readonly<Record<string, T | null>>): Record<string, T> {
  const next: Record<string, T> = { ...read };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}

function refuseWhatTheApiRefuses(next: Partial<Maps>, { versions }: StoredSecret): void {
  if (Object.values(next.aliases ?? {}).some((number) => versions[number - 1] === undefined)) {
    throw new Fault('invalid', "Aliases cannot be assigned to versions that don't exist");
  }
  const bad = Object.keys(next.aliases ?? {}).find((alias) => !/^(?!latest$|NEW$)[A-Za-z][\w-]{0,62}$/.test(alias));
  if (bad !== undefined) throw new Fault('invalid', `[${bad}] must follow pattern [a-zA-Z][a-zA-Z0-9_-]+`);
  if (
    new TextEncoder().encode(
      Object.entries(next.annotations ?? {})
        .flat()
        .join(''),
    ).length > 16_384
  ) {
    throw new Fault('invalid', 'Annotation map must not exceed 16kib.');
  }
}
