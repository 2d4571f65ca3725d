import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { AuthClient } from 'google-auth-library';
import type { CallOptions } from 'google-gax';
import { Fault } from '../../app/ports/fault.ts';
import type { Clock, SecretName, SecretSighting, Vault, VersionSighting } from '../../app/ports/ports.ts';
import { crc32c } from '../../core/values/crc32c.ts';
import { scopeParentOf } from '../../core/google/resource-names.ts';
import { changedMaps, hasMaps } from './changed-maps.ts';
import { faultOf } from '../google/errors.ts';
import { boundedPages, oneAhead } from '../google/pages.ts';
import { repeatedly, repeatedlyUnderEtag, type RetryPlan } from '../google/retry.ts';
import { askedOf } from './calls.ts';
import { secretManagerClients, type ClientsOptions } from './clients.ts';
import { payloads } from './payloads.ts';
import { secretAt, versionAt, type Target } from './targets.ts';
import { secretSightingOf, versionSightingOf } from './sightings.ts';

/** How to reach Secret Manager and how patient to be. */
export interface VaultOptions extends ClientsOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1, for the spread of retries. */
  readonly random: () => number;
  /** Time limit of one attempt; the library's own is a minute. */
  readonly callMs?: number | undefined;
  readonly retries?: RetryPlan | undefined;
  /** Payloads read at once; more wait for each other. */
  readonly atOnce?: number | undefined;
  /** Who reads payloads, where it is not the application default credentials. */
  readonly authClient?: AuthClient | undefined;
}

const CALL_MS = 10_000;
const RETRIES: RetryPlan = { attemptsMax: 4, waitMs: 500, waitMsMax: 8_000 };
const PAGE_SIZE = 1_000;

/** Secret Manager through Google's client library. Throws `invalid` at once for a URL that cannot be used. */
export function secretManagerVault(options: VaultOptions): Vault & { close(): Promise<void> } {
  const clients = secretManagerClients(options);
  const callMs = options.callMs ?? CALL_MS;
  const held = payloads({ url: options.url, authClient: options.authClient, callMs, atOnce: options.atOnce });
  const patience = { clock: options.clock, random: options.random, plan: options.retries ?? RETRIES };

  /** One attempt; the library's own retries are off, because they go on for ten minutes. */
  const once = async <T>(
    call: keyof Vault,
    target: Target,
    use: (client: SecretManagerServiceClient, limits: CallOptions) => Promise<T>,
    sent?: Uint8Array,
  ): Promise<T> => {
    const client = await clients.at(target.location);
    try {
      return await use(client, { timeout: callMs, retry: null });
    } catch (error) {
      throw faultOf(error, askedOf(call, target.name, sent));
    }
  };

  /** For a call that may be repeated as it is. */
  const patiently = <T>(
    call: keyof Vault,
    target: Target,
    use: (client: SecretManagerServiceClient, limits: CallOptions) => Promise<T>,
  ): Promise<T> => repeatedly(patience, () => once(call, target, use));

  const look: Vault['look'] = async (secret) => {
    const [found] = await patiently('look', secretAt(secret), (client, limits) =>
      client.getSecret({ name: secret }, limits),
    );
    return secretSightingOf(found);
  };

  const lookVersion: Vault['lookVersion'] = async (secret, version) => {
    const target = versionAt(secret, version);
    const [found] = await patiently('lookVersion', target, (client, limits) =>
      client.getSecretVersion({ name: target.name }, limits),
    );
    return versionSightingOf(found);
  };

  const move = async (
    call: keyof typeof MOVES,
    secret: SecretName,
    version: VersionSighting,
    isWanted: (found: VersionSighting) => boolean,
  ): Promise<VersionSighting> => {
    const target = versionAt(secret, version.number);
    const request = { name: target.name, etag: version.etag };
    const attempt = async (): Promise<VersionSighting> => {
      const [moved] = await once(call, target, (client, limits) => client[MOVES[call]](request, limits));
      return versionSightingOf(moved);
    };
    return repeatedlyUnderEtag(patience, attempt, () => lookVersion(secret, version.number), isWanted);
  };

  return {
    async *list(scope, filter) {
      const target = { name: scopeParentOf(scope), location: scope.location };
      const pages = boundedPages(async (pageToken) => {
        const request = { parent: target.name, filter, pageSize: PAGE_SIZE, pageToken };
        const [, , page] = await patiently('list', target, (client, limits) =>
          client.listSecrets(request, { ...limits, autoPaginate: false }),
        );
        return { items: page.secrets ?? [], next: page.nextPageToken };
      });
      for await (const page of oneAhead(pages)) yield* page.map(secretSightingOf);
    },

    look,

    async read(secret, version) {
      const target = versionAt(secret, version);
      const payload = await repeatedly(patience, () => held.read(target, askedOf('read', target.name)));
      if (payload !== undefined) return payload;
      throw new Fault(
        'corrupt',
        `Cannot read ${target.name}: the bytes that came do not match their checksum. Try again; nothing was changed.`,
      );
    },

    async versions(secret) {
      const target = secretAt(secret);
      const pages = boundedPages(async (pageToken) => {
        const request = { parent: secret, pageSize: PAGE_SIZE, pageToken };
        const [, , page] = await patiently('versions', target, (client, limits) =>
          client.listSecretVersions(request, { ...limits, autoPaginate: false }),
        );
        return { items: page.versions ?? [], next: page.nextPageToken };
      });
      const found: VersionSighting[] = [];
      for await (const page of pages) found.push(...page.map(versionSightingOf));
      return found.toSorted((a, b) => b.number - a.number);
    },

    lookVersion,

    async commit(read, change) {
      const target = secretAt(read.name);
      const { maps, mask } = changedMaps(read, change);
      const { aliases, ...others } = maps;
      const secret = { name: read.name, etag: read.etag, ...others, ...(aliases && { versionAliases: aliases }) };
      const attempt = async (): Promise<SecretSighting> => {
        const request = { secret, updateMask: { paths: [...mask] } };
        const [written] = await once('commit', target, (client, limits) => client.updateSecret(request, limits));
        return secretSightingOf(written);
      };
      const landed = (found: SecretSighting): boolean => hasMaps(found, maps);
      return repeatedlyUnderEtag(patience, attempt, () => look(read.name), landed);
    },

    async add(secret, bytes) {
      const target = secretAt(secret);
      const request = { parent: secret, payload: { data: bytes, dataCrc32c: crc32c(bytes) } };
      const [added] = await once('add', target, (client, limits) => client.addSecretVersion(request, limits), bytes);
      if (added.clientSpecifiedPayloadChecksum === true) return versionSightingOf(added);
      throw new Fault(
        'corrupt',
        `Added ${added.name ?? `a version to ${secret}`}, but Secret Manager did not get our checksum with it. ` +
          'Compare what it holds before it is used.',
      );
    },

    enable: (secret, version) => move('enable', secret, version, ({ state }) => state === 'enabled'),
    disable: (secret, version) =>
      move('disable', secret, version, (found) => found.state === 'disabled' && found.scheduledDestroyAt === undefined),
    destroy: (secret, version) =>
      move(
        'destroy',
        secret,
        version,
        (found) => found.state === 'destroyed' || found.scheduledDestroyAt !== undefined,
      ),

    async permitted(secret, permissions) {
      const request = { resource: secret, permissions: [...permissions] };
      const [answer] = await patiently('permitted', secretAt(secret), (client, limits) =>
        client.testIamPermissions(request, limits),
      );
      return answer.permissions ?? [];
    },

    async close() {
      await Promise.all([clients.close(), held.close()]);
    },
  };
}

const MOVES = {
  enable: 'enableSecretVersion',
  disable: 'disableSecretVersion',
  destroy: 'destroySecretVersion',
} as const;
