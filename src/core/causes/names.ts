import { GLOBAL, secretNameOf } from '../google/resource-names.ts';
import type { SlotValues } from '../values/command.ts';

/** What is known of the secret and of the key that a remedy is about. */
export interface RemedyNames {
  /** Of the secret: its id as gcloud takes it. */
  readonly project?: string;
  readonly secret?: string;
  readonly version?: string;
  /** A region; regional secrets are found only when gcloud is told. */
  readonly location?: string;
  /** The project that owns the key, as an id or a number; often another one than the secret's. */
  readonly keyProject?: string;
  /** The key's id at its issuer. */
  readonly keyUid?: string;
}

/** What a command about one secret can be filled with. */
export function valuesOf(names: RemedyNames): SlotValues {
  const { project, secret, version, location = GLOBAL, keyProject, keyUid } = names;
  const secretName =
    project === undefined || secret === undefined ? secret : secretNameOf({ project, location, secret });
  return {
    ...known({ project, secret, version, secretName, keyProject, keyUid, newKeyProject: keyProject ?? project }),
    ...(secretName === undefined ? {} : { scope: ['--secret', secretName] }),
    ...(location === GLOBAL ? {} : { regional: [`--location=${location}`] }),
  };
}

/** What a command about many secrets can be filled with: all of them, or those of one project. */
export function fleetValues(project: string | undefined, keyProject?: string): SlotValues {
  return { ...known({ project, keyProject }), scope: project === undefined ? [] : ['--project', project] };
}

function known(values: { readonly [S in keyof SlotValues]?: string | undefined }): SlotValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
