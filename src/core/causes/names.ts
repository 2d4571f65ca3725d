import type { KeyKind } from '../key/key-text.ts';
import { GLOBAL, parseKeyName, secretNameOf } from '../google/resource-names.ts';
import { shellText, SLOTS, type Command, type SlotValues } from '../values/command.ts';

/** What is known of the secret and of the key that a remedy is about. */
export interface RemedyNames {
  /** Of the secret: its id as gcloud takes it. */
  readonly project?: string | undefined;
  readonly secret?: string | undefined;
  readonly version?: string | undefined;
  /** A region; regional secrets are found only when gcloud is told. */
  readonly location?: string | undefined;
  /** The project that owns the key, as an id or a number; often another one than the secret's. */
  readonly keyProject?: string | undefined;
  /** A standard key (AIza…) is followed by one that is bound to an account, so that has to be named. */
  readonly keyKind?: KeyKind | undefined;
  /** The key's id at its issuer. */
  readonly keyId?: string | undefined;
  /** What the key may call besides the Gemini API, as gcloud is told: `AllowedApis.flags`. */
  readonly apiTargets?: readonly string[] | undefined;
}

/** What a command about one secret can be filled with. */
export function valuesOf(names: RemedyNames): SlotValues {
  const { project, secret, version, location = GLOBAL, keyProject, keyId, keyKind, apiTargets } = names;
  const secretName =
    project === undefined || secret === undefined ? secret : secretNameOf({ project, location, secret });
  return {
    ...known({ project, secret, version, secretName, keyProject, keyId, newKeyProject: keyProject ?? project }),
    ...(secretName === undefined ? {} : { scope: ['--secret', secretName] }),
    ...(keyKind === 'standard' ? {} : { account: [] }),
    ...(apiTargets === undefined ? {} : { apiTargets }),
    ...(location === GLOBAL ? {} : { regional: [`--location=${location}`] }),
    replication: location === GLOBAL ? SLOTS.replication : [`--location=${location}`],
  };
}

/** What a command about a secret is filled with where nothing but its full name matters. */
export function valuesOfSecret(secretName: string): SlotValues {
  return { secretName, scope: ['--secret', secretName], account: [] };
}

/** One of our own commands about a secret, as a line to paste. */
export function lineFor(command: Command, secretName: string): string {
  return shellText(command, valuesOfSecret(secretName));
}

/** A command of ours with the rights of whoever types it, although a worker is known. */
export function byHand({ words, ...line }: Command): Command {
  return { ...line, words: [...words, '--local'] };
}

/** What a command about a key is filled with, from its name at the issuer. */
export function valuesOfKey(keyName: string): SlotValues {
  const key = parseKeyName(keyName);
  return known({ keyProject: key?.project, keyId: key?.id });
}

/** What a command about many secrets can be filled with: all of them, or those of one project. */
export function fleetValues(project: string | undefined, keyProject?: string): SlotValues {
  return { ...known({ project, keyProject }), scope: project === undefined ? [] : ['--project', project] };
}

function known(values: { readonly [S in keyof SlotValues]?: string | undefined }): SlotValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
