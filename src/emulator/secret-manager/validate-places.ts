import { ApiError } from '../wire/api-error.ts';
import { REGIONS } from '../world/regions.ts';
import type { SecretMessage } from './messages.ts';

const KMS_KEY = /^projects\/[^/]+\/locations\/([a-z0-9-]+)\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/;

/** A region that there is not. The wording is not settled. */
export function requireRegion(region: string | undefined): void {
  if (region === undefined || REGIONS.includes(region)) return;
  throw invalid(`Location [${region}] is not supported for secrets.`);
}

/**
 * Keys of Cloud KMS, by the form of their names: in the place of what they encrypt, `global` for automatic replication,
 * and for all replicas or none (resources.proto). Whether such a key exists is not looked at; the wordings are not settled.
 */
export function requireEncryption(region: string | undefined, sent: SecretMessage): void {
  const { replication, customerManagedEncryption: own } = sent;
  if (region === undefined && own !== undefined)
    throw invalid('Secret.customer_managed_encryption can only be set on regional secrets.');
  requireKey(own?.kmsKeyName, region ?? 'global');
  requireKey(replication?.automatic?.customerManagedEncryption?.kmsKeyName, 'global');
  const replicas = replication?.userManaged?.replicas ?? [];
  for (const { location = '', customerManagedEncryption: key } of replicas) {
    requireRegion(location);
    requireKey(key?.kmsKeyName, location);
  }
  const encrypted = replicas.filter(({ customerManagedEncryption: key }) => key !== undefined);
  if (encrypted.length > 0 && encrypted.length < replicas.length)
    throw invalid('Either all replicas have customer_managed_encryption or none.');
}

function requireKey(name: string | undefined, place: string): void {
  if (name === undefined) return;
  const [, location] = KMS_KEY.exec(name) ?? [];
  if (location === undefined)
    throw invalid(`[${name}] is not of the form projects/*/locations/*/keyRings/*/cryptoKeys/*.`);
  if (location !== place) throw invalid(`The KMS key [${name}] must be in the location [${place}].`);
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
