import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { utcText } from '../wire/rest/micros.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import type { Asset } from '../world/asset.ts';
import { configMessage, type ServiceConfig } from './messages.ts';

/** A function with what runs of it. Never changed in place. */
export interface Deployed {
  /** With the project’s id. */
  readonly name: string;
  readonly generation: 'GEN_1' | 'GEN_2';
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Fields as somebody wants them. */
  readonly wanted: JsonObject;
  /** What was built last; what runs. */
  readonly running: ServiceConfig;
  readonly builds: number;
  readonly state: 'ACTIVE' | 'FAILED' | 'DEPLOYING';
  /** When the build that is under way ends. */
  readonly builtAt?: number | undefined;
  readonly trouble?: string | undefined;
}

export function configOf({ wanted }: Deployed): ServiceConfig {
  return readRoot(configMessage, wanted['serviceConfig'] ?? {});
}

/** Lower case, since services of Cloud Run are; `_` is no letter of theirs. */
export function runNameOf(name: string): string {
  const id = name.slice(name.lastIndexOf('/') + 1);
  return `${name.slice(0, name.indexOf('/functions/'))}/services/${id.toLowerCase().replaceAll('_', '-')}`;
}

/** The account of a function that names none. */
export function defaultAccountOf(projectNumber: string): string {
  return `${projectNumber}-compute@developer.gserviceaccount.com`;
}

/** A function as Google shows it; `service` is the one of Cloud Run beneath it. */
export function functionJson(one: Deployed, account: string, service: JsonObject | undefined): JsonObject {
  const config = isJsonObject(one.wanted['serviceConfig']) ? one.wanted['serviceConfig'] : {};
  const ready = service?.['latestReadyRevision'];
  const revision = typeof ready === 'string' ? ready.slice(ready.lastIndexOf('/') + 1) : '';
  return {
    ...one.wanted,
    name: one.name,
    environment: one.generation,
    state: one.state,
    createTime: utcText(one.createdAt),
    updateTime: utcText(one.updatedAt),
    serviceConfig: {
      ...config,
      serviceAccountEmail: config['serviceAccountEmail'] ?? account,
      ...(service !== undefined && {
        service: service['name'],
        uri: service['uri'],
        revision,
        allTrafficOnLatestRevision: true,
      }),
    },
    ...(one.trouble !== undefined && {
      stateMessages: [{ severity: 'ERROR', type: 'BuildFailed', message: one.trouble }],
    }),
  };
}

/** What an operation tells of its stages. */
export function metadataOf(one: Deployed, verb: string): JsonObject {
  const [, project = '', , location = ''] = one.name.split('/');
  const over = one.builtAt === undefined;
  const stage = (name: string) => ({
    name,
    state: over ? 'COMPLETE' : name === 'BUILD' ? 'IN_PROGRESS' : 'NOT_STARTED',
  });
  return {
    '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata',
    target: one.name,
    verb,
    createTime: utcText(one.updatedAt),
    apiVersion: 'v2',
    ...(verb !== 'delete' && {
      stages: ['ARTIFACT_REGISTRY', 'BUILD', 'SERVICE'].map(stage),
      buildName: `projects/${project}/locations/${location}/builds/${one.builds}`,
    }),
    operationType: `${verb.toUpperCase()}_FUNCTION`,
  };
}

/** As Cloud Asset Inventory lists it: `CloudFunction` is the first generation, `Function` both. */
export function assetsOf({ name, generation, createdAt, wanted }: Deployed): readonly Asset[] {
  const [, project = '', , location = ''] = name.split('/');
  const types = generation === 'GEN_1' ? ['CloudFunction', 'Function'] : ['Function'];
  return types.map((type) => ({
    type: `cloudfunctions.googleapis.com/${type}`,
    name,
    project,
    location,
    createdAt,
    labels: wanted['labels'],
  }));
}
