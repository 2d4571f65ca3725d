import type { JsonObject } from '../wire/rest/json-body.ts';
import type { MountedSecret } from '../world/serving.ts';
import type { ServiceConfig } from './messages.ts';

/** The service of Cloud Run that a function of the second generation is, as Cloud Functions makes it. */
export function runJson(id: string, build: number, config: ServiceConfig, uuid: string): JsonObject {
  const {
    secretEnvironmentVariables = [],
    secretVolumes = [],
    environmentVariables = {},
    serviceAccountEmail,
  } = config;
  const env = [
    ...Object.entries(environmentVariables).map(([name, value]) => ({ name, value })),
    ...secretEnvironmentVariables.map(({ key, projectId, secret, version }) => ({
      name: key,
      valueSource: { secretKeyRef: { secret: secretName(projectId, secret), version: versionOf(version) } },
    })),
  ];
  const volumes = secretVolumes.map(({ projectId, secret, versions = [] }, at) => ({
    name: `secret-${at}`,
    secret: {
      secret: secretName(projectId, secret),
      items:
        versions.length > 0
          ? versions.map(({ version, path }) => ({ version: versionOf(version), path }))
          : [{ version: 'latest', path: secret }],
    },
  }));
  const container = {
    name: 'worker',
    image: `europe-docker.pkg.dev/gcf-artifacts/${id}:version_${build}`,
    ...(env.length > 0 && { env }),
    ...(secretVolumes.length > 0 && {
      volumeMounts: secretVolumes.map(({ mountPath }, at) => ({ name: `secret-${at}`, mountPath })),
    }),
  };
  return {
    labels: { 'goog-managed-by': 'cloudfunctions' },
    template: {
      // set, and so in the way of whoever sends it back
      revision: `${id}-${String(build).padStart(5, '0')}-${uuid.slice(0, 3)}`,
      containers: [container],
      ...(volumes.length > 0 && { volumes }),
      ...(serviceAccountEmail !== undefined && { serviceAccount: serviceAccountEmail }),
    },
  };
}

/** What instances of a function of the first generation read, which has no service. */
export function mountsOf(config: ServiceConfig): readonly MountedSecret[] {
  const { secretEnvironmentVariables = [], secretVolumes = [] } = config;
  return [
    ...secretEnvironmentVariables.map(({ key = '', projectId, secret, version }) => ({
      by: 'variable' as const,
      at: key,
      version: `${secretName(projectId, secret)}/versions/${versionOf(version)}`,
    })),
    ...secretVolumes.flatMap(({ mountPath = '', projectId, secret = '', versions = [] }) =>
      (versions.length > 0 ? versions : [{ version: 'latest', path: secret }]).map(({ version, path = '' }) => ({
        by: 'file' as const,
        at: `${mountPath}/${path}`,
        version: `${secretName(projectId, secret)}/versions/${versionOf(version)}`,
      })),
    ),
  ];
}

function secretName(project: string | undefined, secret: string | undefined): string {
  return `projects/${project ?? ''}/secrets/${secret ?? ''}`;
}

function versionOf(version: string | undefined): string {
  return version === undefined || version === '' ? 'latest' : version;
}
