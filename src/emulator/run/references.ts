import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { listOf, readRoot, text } from '../wire/rest/proto-json.ts';
import type { MountedSecret } from '../world/serving.ts';
import { containerMessage, volumeMessage } from './messages.ts';

/** A secret that a template names, and where: refusals name the field as v1 calls it, whoever called. */
export interface Reference extends MountedSecret {
  readonly field: string;
}

/** Every secret that a template of revisions or of tasks names: of all containers, in variables and in volumes. */
export function referencesIn(template: JsonObject, project: string): readonly Reference[] {
  const containers = readRoot(listOf(containerMessage), template['containers'] ?? []);
  const volumes = readRoot(listOf(volumeMessage), template['volumes'] ?? []);
  const variables = containers.flatMap(({ env = [] }, at) =>
    env.flatMap(({ name = '', valueSource }, index): readonly Reference[] => {
      const { secret, version } = valueSource?.secretKeyRef ?? {};
      if (secret === undefined) return [];
      return [
        {
          by: 'variable',
          at: name,
          version: versionName(secret, version, project),
          field: `spec.template.spec.containers[${at}].env[${index}].value_from.secret_key_ref.name`,
        },
      ];
    }),
  );
  const files = volumes.flatMap(({ name: volume = '', secret }, index): readonly Reference[] => {
    const { secret: named, items = [] } = secret ?? {};
    if (named === undefined) return [];
    const path = containers
      .flatMap(({ volumeMounts = [] }) => volumeMounts)
      .find((mount) => mount.name === volume)?.mountPath;
    const all = items.length > 0 ? items : [{ path: named.slice(named.lastIndexOf('/') + 1), version: 'latest' }];
    return all.map((item) => ({
      by: 'file',
      at: `${path ?? ''}/${item.path ?? ''}`,
      version: versionName(named, item.version, project),
      field: `spec.template.spec.volumes[${index}].secret.secret_name`,
    }));
  });
  return [...variables, ...files];
}

/** The account that a template runs as; the project’s default one where it names none. */
export function accountOf(template: JsonObject, projectNumber: string): string {
  const account = readRoot(text, template['serviceAccount'] ?? '');
  return account === '' ? `${projectNumber}-compute@developer.gserviceaccount.com` : account;
}

/** The template of tasks of a job, or the template of revisions itself. */
export function innermost(template: JsonObject): JsonObject {
  return isJsonObject(template['template']) ? template['template'] : template;
}

/** A name without a project is of the one that it runs in. */
function versionName(secret: string, version: string | undefined, project: string): string {
  const name = secret.includes('/') ? secret : `projects/${project}/secrets/${secret}`;
  return `${name}/versions/${version === undefined || version === '' ? 'latest' : version}`;
}
