/** A secret's full name taken apart. `location` is `global` or a region; `project` is an id or a number, as it was given. */
export interface SecretId {
  readonly project: string;
  readonly location: string;
  readonly secret: string;
}

/** The namespace that has no location in its names and lives on the host without one. */
export const GLOBAL = 'global';

const PROJECT = '(?<project>[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?)';
const LOCATION = '(?:/locations/(?<location>[a-z][a-z0-9-]*[a-z0-9]))?';
const PROJECT_NAME = new RegExp(`^projects/${PROJECT}$`);
const KEY_NAME = new RegExp(`^projects/${PROJECT}/locations/global/keys/(?<id>[A-Za-z0-9_-]{1,63})$`);
const SECRET_NAME = new RegExp(`^projects/${PROJECT}${LOCATION}/secrets/(?<secret>[A-Za-z0-9_-]{1,255})$`);

/**
 * Reads `projects/<id or number>[/locations/<region>]/secrets/<id>`; `undefined` for anything else. The location becomes
 * part of a host name, so what is not a plain label never gets through.
 */
export function parseSecretName(name: string): SecretId | undefined {
  const { project, location = GLOBAL, secret } = SECRET_NAME.exec(name)?.groups ?? {};
  if (project === undefined || secret === undefined) return undefined;
  return { project, location, secret };
}

/** Full names of secrets in a list that a caller sent; `undefined` for an empty one, and for what is no such list. */
export function secretNamesIn(list: unknown): readonly string[] | undefined {
  const names = Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  const isWhole = Array.isArray(list) && names.length === list.length && names.length > 0;
  return isWhole && names.every((name) => parseSecretName(name) !== undefined) ? names : undefined;
}

/** The full name that `parseSecretName` reads. */
export function secretNameOf(id: SecretId): string {
  return `${scopeParentOf(id)}/secrets/${id.secret}`;
}

/** What lists and creations of secrets are asked of: `projects/<p>`, or `projects/<p>/locations/<region>`. */
export function scopeParentOf(scope: { readonly project: string; readonly location: string }): string {
  const project = `projects/${scope.project}`;
  return scope.location === GLOBAL ? project : `${project}/locations/${scope.location}`;
}

/** A version's full name split at its last part; `version` is a number, `latest` or an alias, as it was given. */
export interface VersionName {
  readonly secret: string;
  readonly version: string;
}

/** Reads `<secret name>/versions/<version>`, the form of answers and of event attributes; `undefined` for anything else. */
export function parseVersionName(name: string): VersionName | undefined {
  const { secret, version } = /^(?<secret>.+)\/versions\/(?<version>[A-Za-z0-9_-]{1,63})$/.exec(name)?.groups ?? {};
  if (secret === undefined || version === undefined || parseSecretName(secret) === undefined) return undefined;
  return { secret, version };
}

/** The number in a version's full name, or `undefined` when the name ends in an alias: answers always carry the number. */
export function versionNumberOf(name: string): number | undefined {
  const version = parseVersionName(name)?.version;
  return version !== undefined && /^[1-9][0-9]{0,14}$/.test(version) ? Number(version) : undefined;
}

/** The name of a key at the issuer, from the id it was asked for under. */
export function keyNameOf(project: string, keyId: string): string {
  return `projects/${project}/locations/global/keys/${keyId}`;
}

/** Takes `projects/4711/locations/global/keys/<id>` apart; `undefined` for anything else. */
export function parseKeyName(name: string): { readonly project: string; readonly id: string } | undefined {
  const { project, id } = KEY_NAME.exec(name)?.groups ?? {};
  return project === undefined || id === undefined ? undefined : { project, id };
}

/** Takes the project out of `projects/4711`, as refusals name whom a request is charged to. */
export function parseProjectName(name: string): string | undefined {
  return PROJECT_NAME.exec(name)?.groups?.['project'];
}

/** The project as a resource name gives it, id or number; empty for text that names none. */
export function projectIn(name: string): string {
  return /^projects\/([^/]+)\//.exec(name)?.[1] ?? '';
}

const TOPIC_NAME = /^projects\/(?<project>[a-z0-9][a-z0-9.:-]*)\/topics\/(?<topic>[A-Za-z][\w.~+%-]{2,254})$/;

/** Reads `projects/<id or number>/topics/<id>`; `undefined` for anything else. */
export function parseTopicName(name: string): { readonly project: string; readonly topic: string } | undefined {
  const { project, topic } = TOPIC_NAME.exec(name)?.groups ?? {};
  return project === undefined || topic === undefined ? undefined : { project, topic };
}
