import { ApiError } from '../../wire/api-error.ts';
import type { JsonObject } from '../../wire/rest/json-body.ts';
import { numberIn, objectIn, objectsIn, renamed, textIn } from './parts.ts';
import { mountedInV2, SECRETS } from './secrets.ts';

const CLIENT = { 'run.googleapis.com/client-name': 'client', 'run.googleapis.com/client-version': 'clientVersion' };
const MOST = 'autoscaling.knative.dev/maxScale';
/** Of annotations in Google’s name: those that have a field of their own in v2, and those that Google writes itself. */
const TAKEN = [
  ...Object.keys(CLIENT),
  MOST,
  SECRETS,
  'serving.knative.dev/creator',
  'serving.knative.dev/lastModifier',
  'run.googleapis.com/ingress-status',
  'run.googleapis.com/operation-id',
  'run.googleapis.com/urls',
];
const GOOGLES = /(?:^|\.)(?:run\.googleapis\.com|cloud\.googleapis\.com|knative\.dev)\//;
/** In Knative’s name, and everybody’s: gcloud tells its own revision by it. */
const NONCE = 'client.knative.dev/nonce';
const SPEC = ['containers', 'volumes', 'serviceAccountName', 'containerConcurrency', 'timeoutSeconds'];

/** A service as somebody sends it in the form of Knative, in that of v2. What v2 has no place for here is refused. */
export function inV2(sent: JsonObject): JsonObject {
  const [metadata, spec] = [objectIn(sent, 'metadata'), objectIn(sent, 'spec')];
  const version = textIn(metadata, 'resourceVersion');
  const annotations = objectIn(metadata, 'annotations');
  return {
    ...marks(metadata),
    ...renamed(annotations, CLIENT),
    template: template(objectIn(spec, 'template')),
    traffic: objectsIn(spec, 'traffic').map(target),
    ...(version !== undefined && { etag: `"${version}"` }),
  };
}

function template(sent: JsonObject): JsonObject {
  const [metadata, spec] = [objectIn(sent, 'metadata'), objectIn(sent, 'spec')];
  const annotations = objectIn(metadata, 'annotations');
  const unknown = Object.keys(spec).filter((field) => !SPEC.includes(field));
  if (unknown.length > 0) throw missing(`RevisionSpec.${unknown.join(', ')}`);
  const [timeout, most] = [numberIn(spec, 'timeoutSeconds'), numberIn(annotations, MOST)];
  return {
    ...marks(metadata),
    ...renamed(annotations, CLIENT),
    ...mountedInV2(spec, textIn(annotations, SECRETS)),
    ...renamed(metadata, { name: 'revision' }),
    ...renamed(spec, { serviceAccountName: 'serviceAccount', containerConcurrency: 'maxInstanceRequestConcurrency' }),
    ...(timeout !== undefined && { timeout: `${timeout}s` }),
    ...(most !== undefined && { scaling: { maxInstanceCount: most } }),
  };
}

/** Labels and annotations that are the owner’s. */
function marks(metadata: JsonObject): JsonObject {
  const annotations = objectIn(metadata, 'annotations');
  const unknown = Object.keys(annotations).filter((name) => isGoogles(name) && !TAKEN.includes(name));
  if (unknown.length > 0) throw missing(`the annotation ${unknown.join(', ')}`);
  const own = Object.entries({ labels: objectIn(metadata, 'labels'), annotations }).map(([field, all]) => [
    field,
    Object.fromEntries(Object.entries(all).filter(([name]) => !isGoogles(name))),
  ]);
  return Object.fromEntries(own.filter(([, all]) => Object.keys(Object(all)).length > 0));
}

function isGoogles(name: string): boolean {
  return GOOGLES.test(name) && name !== NONCE;
}

function target({ revisionName, percent, tag }: JsonObject): JsonObject {
  const kind = `TRAFFIC_TARGET_ALLOCATION_TYPE_${revisionName === undefined ? 'LATEST' : 'REVISION'}`;
  return {
    type: kind,
    ...(revisionName !== undefined && { revision: revisionName }),
    ...(percent !== undefined && { percent }),
    ...(tag !== undefined && { tag }),
  };
}

function missing(what: string): ApiError {
  return new ApiError('UNIMPLEMENTED', `${what} is not implemented by the pretend cloud.`);
}
