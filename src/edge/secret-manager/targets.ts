import { Fault } from '../../app/ports/fault.ts';
import type { SecretName, VersionRef } from '../../app/ports/ports.ts';
import { parseSecretName, parseVersionName } from '../../core/google/resource-names.ts';

/** A resource, and the location whose host knows it. */
export interface Target {
  readonly name: string;
  readonly location: string;
}

/** Throws `invalid` for what is not a secret's name. */
export function secretAt(secret: SecretName): Target {
  const id = parseSecretName(secret);
  if (id !== undefined) return { name: secret, location: id.location };
  throw new Fault('invalid', `"${secret}" is not the name of a secret. Write projects/<project>/secrets/<secret>.`);
}

/** Throws `invalid` for what is neither a number nor could be an alias. */
export function versionAt(secret: SecretName, version: VersionRef): Target {
  const { location } = secretAt(secret);
  const name = `${secret}/versions/${version}`;
  if (parseVersionName(name) !== undefined) return { name, location };
  throw new Fault('invalid', `"${version}" is not a version of ${secret}. Write its number, an alias, or latest.`);
}
