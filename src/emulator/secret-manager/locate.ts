import { ApiError } from '../wire/api-error.ts';
import type { Caller } from '../world/iam.ts';
import { versionName, type SecretRecord, type VersionRecord } from './resource.ts';
import { seenAt } from './trail.ts';
import type { World } from './world.ts';

/** Where secrets live: a project, globally or in one region. */
export interface Place {
  /** Id or number, as sent. */
  readonly project: string;
  readonly projectNumber: string;
  readonly location?: string;
  /** The canonical name, `projects/<number>` with or without `/locations/<region>`. */
  readonly name: string;
}

/** Reads `projects/P` or `projects/P/locations/L`. */
export function placeOf(world: World, parent: string | undefined): Place {
  const parts = /^projects\/([^/]+)(?:\/locations\/([^/]+))?$/.exec(parent ?? '');
  const [, project, location] = parts ?? [];
  if (project === undefined) throw badName();
  const projectNumber = world.names.numberOf(project);
  const name = `projects/${projectNumber}`;
  return location === undefined
    ? { project, projectNumber, name }
    : { project, projectNumber, location, name: `${name}/locations/${location}` };
}

/** A secret's name as sent, taken apart. */
interface SecretAddress {
  readonly place: Place;
  /** Canonical. */
  readonly name: string;
  readonly record: SecretRecord | undefined;
}

export function addressOf(world: World, sent: string | undefined): SecretAddress {
  const parts = /^(.+)\/secrets\/([^/]+)$/.exec(sent ?? '');
  if (parts === null) throw badName();
  const place = placeOf(world, parts[1]);
  const name = `${place.name}/secrets/${parts[2]}`;
  return { place, name, record: world.secrets.get(name) };
}

/** Whether a caller may do `permission` on a secret, asked under the name as sent. Comes before the 404. */
function requirePermission(
  world: World,
  caller: Caller,
  permission: string,
  address: SecretAddress,
  sent: string | undefined,
): void {
  world.iam.require(caller, permission, {
    project: address.place.project,
    name: sent ?? '',
    bindings: address.record?.policy.bindings,
  });
}

/** The secret of that name for a caller who holds `permission`: 403 also for a missing one, then 404. */
export function openSecret(world: World, caller: Caller, permission: string, sent: string | undefined): SecretRecord {
  const address = addressOf(world, sent);
  requirePermission(world, caller, permission, address, sent);
  return present(address);
}

/** A version's secret and the last part of its name: a number, `latest` or an alias. */
export function openVersion(
  world: World,
  caller: Caller,
  permission: string,
  sent: string | undefined,
): { readonly secret: SecretRecord; readonly ref: string } {
  const parts = /^(.+)\/versions\/([^/]+)$/.exec(sent ?? '');
  const [, secretName, ref] = parts ?? [];
  if (ref === undefined) throw badName();
  const address = addressOf(world, secretName);
  requirePermission(world, caller, permission, address, sent);
  return { secret: present(address), ref };
}

/** Follows a number, `latest` (the most recently created one in any state) or an alias; the last two may lag. */
export function resolveVersion(world: World, secret: SecretRecord, ref: string): VersionRecord {
  if (/^\d+$/.test(ref)) return numbered(secret, Number(ref), ref);
  const moment = world.tick() - world.lag().aliasLagMs * 1000;
  if (ref === 'latest') {
    const latest = secret.versions.findLast(({ createdAt }) => createdAt <= moment);
    return latest ?? secret.versions[0] ?? missingVersion(secret, ref);
  }
  const aliases = seenAt(secret.aliasTrail, moment);
  const number = Object.hasOwn(aliases, ref) ? aliases[ref] : undefined;
  if (number === undefined) throw new ApiError('NOT_FOUND', `Secret [${secret.name}] has no alias [${ref}]`);
  return numbered(secret, number, ref);
}

export function numbered(secret: SecretRecord, number: number, ref: string): VersionRecord {
  return secret.versions.find((version) => version.number === number) ?? missingVersion(secret, ref);
}

function present(address: SecretAddress): SecretRecord {
  if (address.record === undefined) throw new ApiError('NOT_FOUND', `Secret [${address.name}] not found.`);
  return address.record;
}

function missingVersion(secret: SecretRecord, ref: string): never {
  throw new ApiError('NOT_FOUND', `Secret Version [${versionName(secret, ref)}] not found.`);
}

function badName(): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}
