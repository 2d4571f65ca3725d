import { recordOf } from '../../core/record/secret-record.ts';
import type { protos } from '@google-cloud/secret-manager';
import { Fault } from '../../app/ports/fault.ts';
import type { SecretSighting, VersionSighting, VersionState } from '../../app/ports/ports.ts';
import { versionNumberOf } from '../../core/google/resource-names.ts';
import { instantOf, type Instant } from '../../core/values/time.ts';

type ISecret = protos.google.cloud.secretmanager.v1.ISecret;
type ISecretVersion = protos.google.cloud.secretmanager.v1.ISecretVersion;
type ITimestamp = protos.google.protobuf.ITimestamp;

/**
 * A secret out of an answer. An answer without an etag is refused as `unavailable`: an empty etag means "no condition"
 * to the API, and a write under it would overwrite whatever others wrote.
 */
export function secretSightingOf(secret: ISecret): SecretSighting {
  const { name, etag, labels, versionAliases } = secret;
  const annotations = { ...secret.annotations };
  const createdAt = instantFrom(secret.createTime);
  if (!name || !etag || createdAt === undefined) throw incomplete('secret', name);
  const expiresAt = instantFrom(secret.expireTime);
  const aliases = Object.entries(versionAliases ?? {}).map(([alias, number]) => [alias, Number(number)] as const);
  return {
    name,
    etag,
    labels: { ...labels },
    annotations,
    record: recordOf(annotations),
    aliases: Object.fromEntries(aliases),
    createdAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

const STATES: ReadonlyMap<unknown, VersionState> = new Map<unknown, VersionState>([
  ['ENABLED', 'enabled'],
  ['DISABLED', 'disabled'],
  ['DESTROYED', 'destroyed'],
]);

/** A version out of an answer; as strict as for a secret. */
export function versionSightingOf(version: ISecretVersion): VersionSighting {
  const { name, etag } = version;
  const state = STATES.get(version.state);
  const number = versionNumberOf(name ?? '');
  const createdAt = instantFrom(version.createTime);
  if (number === undefined || !etag || state === undefined || createdAt === undefined)
    throw incomplete('version', name);
  const scheduledDestroyAt = instantFrom(version.scheduledDestroyTime);
  return { number, state, etag, createdAt, ...(scheduledDestroyAt === undefined ? {} : { scheduledDestroyAt }) };
}

function instantFrom(time: ITimestamp | null | undefined): Instant | undefined {
  if (time?.seconds === undefined || time.seconds === null) return undefined;
  return instantOf(Number(time.seconds) * 1000 + Math.floor((time.nanos ?? 0) / 1_000_000));
}

function incomplete(what: string, name: string | null | undefined): Fault {
  return new Fault('unavailable', `Secret Manager answered with an incomplete ${what} ${name ?? ''}. Try again.`);
}
