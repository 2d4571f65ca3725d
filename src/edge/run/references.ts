import type { SecretRead } from '../../core/consumers/consumer.ts';
import { GLOBAL, parseSecretName, type SecretId } from '../../core/google/resource-names.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { lastOf, recordIn, recordsIn, textIn } from './fields.ts';

/** The secrets that a template names, in variables and in volumes of all its containers, sidecars too (google/cloud/run/v2/k8s.min.proto). */
export function readsOfTemplate(template: JsonRecord, project: string): readonly SecretRead[] {
  const containers = recordsIn(template, 'containers');
  const variables = containers
    .flatMap((container) => recordsIn(container, 'env'))
    .flatMap((variable) => {
      const reference = recordIn(recordIn(variable, 'valueSource'), 'secretKeyRef');
      return read(textIn(reference, 'secret'), project, {
        version: textIn(reference, 'version'),
        by: 'variable',
        at: textIn(variable, 'name') ?? '',
      });
    });
  const mounts = containers.flatMap((container) => recordsIn(container, 'volumeMounts'));
  const files = recordsIn(template, 'volumes').flatMap((volume) => {
    const source = recordIn(volume, 'secret');
    const secret = textIn(source, 'secret') ?? '';
    const mount = mounts.find((one) => one['name'] === volume['name']) ?? {};
    return filesOf(recordsIn(source, 'items'), secret).flatMap(({ path, version }) =>
      read(secret, project, { version, by: 'file', at: `${textIn(mount, 'mountPath') ?? ''}/${path}` }),
    );
  });
  return [...variables, ...files];
}

/** The same of a function, which splits the name of a secret into a project and an id (google/cloud/functions/v2/functions.proto). */
export function readsOfFunction(config: JsonRecord, own: string): readonly SecretRead[] {
  const variables = recordsIn(config, 'secretEnvironmentVariables').flatMap((variable) =>
    read(textIn(variable, 'secret'), textIn(variable, 'projectId') ?? own, {
      version: textIn(variable, 'version'),
      by: 'variable',
      at: textIn(variable, 'key') ?? '',
    }),
  );
  const files = recordsIn(config, 'secretVolumes').flatMap((volume) => {
    const secret = textIn(volume, 'secret') ?? '';
    return filesOf(recordsIn(volume, 'versions'), secret).flatMap(({ path, version }) =>
      read(secret, textIn(volume, 'projectId') ?? own, {
        version,
        by: 'file',
        at: `${textIn(volume, 'mountPath') ?? ''}/${path}`,
      }),
    );
  });
  return [...variables, ...files];
}

/** Without items a volume is one file, which is named like the secret and holds the latest version. */
function filesOf(items: readonly JsonRecord[], secret: string) {
  if (items.length === 0) return [{ path: lastOf(secret), version: undefined }];
  return items.map((item) => ({ path: textIn(item, 'path') ?? '', version: textIn(item, 'version') }));
}

/** A name without a project is of the consumer's own; a version that is not given is the latest. */
function read(
  name: string | undefined,
  project: string,
  { version = 'latest', by, at }: Pick<SecretRead, 'by' | 'at'> & { readonly version: string | undefined },
): readonly SecretRead[] {
  if (name === undefined || name === '') return [];
  return [{ secret: secretOf(name, project), version, by, at }];
}

/** What has a form that is not known keeps its id, by which somebody may know it. */
function secretOf(name: string, project: string): SecretId {
  return parseSecretName(name) ?? { project, location: GLOBAL, secret: lastOf(name) };
}
