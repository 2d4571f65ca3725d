import type { JsonObject } from '../../wire/rest/json-body.ts';
import { kept, lastOf, numberIn, objectIn, renamed, textIn } from './parts.ts';
import { mountedInV1, SECRETS } from './secrets.ts';
import { conditionsOf, deployedStatus, targets } from './status.ts';

/** What v1 needs to know of the place of a resource. */
export interface PlaceV1 {
  readonly number: string;
  readonly region: string;
  /** Whether an id or number is that of the project itself. */
  readonly isOwn: (project: string) => boolean;
}

/** Kinds as v1 names them, with the API that each is of. */
export const KINDS_V1 = {
  services: { kind: 'Service', api: 'serving.knative.dev' },
  revisions: { kind: 'Revision', api: 'serving.knative.dev' },
  workerpools: { kind: 'WorkerPool', api: 'run.googleapis.com' },
  jobs: { kind: 'Job', api: 'run.googleapis.com' },
} as const;

export type PluralV1 = keyof typeof KINDS_V1;

/** A resource of v2 in the form of Knative. */
export function inV1(plural: PluralV1, json: JsonObject, place: PlaceV1): JsonObject {
  const { kind, api } = KINDS_V1[plural];
  const common = { apiVersion: `${api}/v1`, kind };
  switch (plural) {
    case 'services':
    case 'workerpools': {
      const field = plural === 'services' ? 'traffic' : 'instanceSplits';
      const statuses = plural === 'services' ? 'trafficStatuses' : 'instanceSplitStatuses';
      return {
        ...common,
        metadata: metadataOf(json, plural, place),
        spec: { template: revisionTemplate(objectIn(json, 'template'), place), [field]: targets(json, field, false) },
        status: {
          ...deployedStatus(json),
          [field]: targets(json, statuses, true, textIn(json, 'latestReadyRevision')),
        },
      };
    }
    case 'revisions':
      return { ...common, ...revision(json, place) };
    case 'jobs':
      return { ...common, metadata: metadataOf(json, plural, place), ...job(json, place) };
  }
}

function metadataOf(json: JsonObject, plural: PluralV1, { number, region }: PlaceV1): JsonObject {
  const name = lastOf(String(json['name']));
  const { api } = KINDS_V1[plural];
  return {
    name,
    namespace: number,
    selfLink: `/apis/${api}/v1/namespaces/${number}/${plural}/${name}`,
    uid: json['uid'],
    // the etag without its quotes
    resourceVersion: String(json['etag']).replaceAll('"', ''),
    generation: Number(json['generation'] ?? 1),
    creationTimestamp: json['createTime'],
    labels: { ...objectIn(json, 'labels'), 'cloud.googleapis.com/location': region },
    annotations: {
      ...objectIn(json, 'annotations'),
      ...clientAnnotations(json),
      ...renamed(json, { creator: `${api}/creator`, lastModifier: `${api}/lastModifier` }),
    },
  };
}

function clientAnnotations(json: JsonObject): JsonObject {
  return renamed(json, {
    client: 'run.googleapis.com/client-name',
    clientVersion: 'run.googleapis.com/client-version',
  });
}

function revisionTemplate(template: JsonObject, place: PlaceV1): JsonObject {
  const { spec, aliases } = specOf(template, place);
  const most = numberIn(objectIn(template, 'scaling'), 'maxInstanceCount');
  const annotations = {
    ...objectIn(template, 'annotations'),
    ...clientAnnotations(template),
    ...(most !== undefined && { 'autoscaling.knative.dev/maxScale': String(most) }),
    ...(aliases !== undefined && { [SECRETS]: aliases }),
  };
  return {
    metadata: { ...renamed(template, { revision: 'name', labels: 'labels' }), annotations },
    spec,
  };
}

function specOf(template: JsonObject, { isOwn }: PlaceV1) {
  const { spec, aliases } = mountedInV1(template, isOwn);
  const timeout = textIn(template, 'timeout');
  const plain = renamed(template, {
    serviceAccount: 'serviceAccountName',
    maxInstanceRequestConcurrency: 'containerConcurrency',
    maxRetries: 'maxRetries',
  });
  return {
    aliases,
    spec: { ...spec, ...plain, ...(timeout !== undefined && { timeoutSeconds: Number.parseInt(timeout, 10) }) },
  };
}

function revision(json: JsonObject, place: PlaceV1): JsonObject {
  const owner = textIn(json, 'service') ?? '';
  const metadata = metadataOf(json, 'revisions', place);
  const labels = { ...objectIn(metadata, 'labels'), 'serving.knative.dev/service': owner };
  const { metadata: of, spec } = revisionTemplate(json, place);
  const annotations = objectIn(objectIn({ of }, 'of'), 'annotations');
  return {
    metadata: { ...metadata, labels, annotations: { ...objectIn(metadata, 'annotations'), ...annotations } },
    spec,
    status: { observedGeneration: Number(json['observedGeneration'] ?? 1), conditions: conditionsOf(json) },
  };
}

function job(json: JsonObject, place: PlaceV1): JsonObject {
  const execution = objectIn(json, 'template');
  const { spec, aliases } = specOf(objectIn(execution, 'template'), place);
  const newest = objectIn(json, 'latestCreatedExecution');
  const newestName = textIn(newest, 'name');
  const annotations = { ...objectIn(execution, 'annotations'), ...(aliases !== undefined && { [SECRETS]: aliases }) };
  return {
    spec: {
      template: {
        metadata: { ...kept(execution, ['labels']), annotations },
        spec: { ...kept(execution, ['parallelism', 'taskCount']), template: { spec } },
      },
    },
    status: {
      observedGeneration: Number(json['observedGeneration'] ?? json['generation'] ?? 1),
      conditions: conditionsOf(json),
      executionCount: json['executionCount'],
      ...(newestName !== undefined && {
        latestCreatedExecution: {
          name: lastOf(newestName),
          ...renamed(newest, { createTime: 'creationTimestamp', completionTime: 'completionTimestamp' }),
        },
      }),
    },
  };
}
