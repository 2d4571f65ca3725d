import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { protobuf, serializer, type grpc } from 'google-gax';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';

/** Left in place of a message that has no JSON form, such as one with a time after the year 275,000. */
export const UNREADABLE = Symbol('unreadable message');

/** The services of Secret Manager, from the protos that come with its client. */
export function secretManagerService(): protobuf.Service {
  const load = createRequire(import.meta.url);
  return serviceIn(
    protobuf.Root.fromJSON(load('@google-cloud/secret-manager/build/protos/protos.json')),
    'google.cloud.secretmanager.v1.SecretManagerService',
  );
}

/** The other services, from Google's protos cut down to what they need (`protos/google.json`). */
export function otherServices(): readonly protobuf.Service[] {
  const root = cutDown();
  return [
    'google.pubsub.v1.Publisher',
    'google.pubsub.v1.Subscriber',
    'google.monitoring.v3.MetricService',
    'google.api.apikeys.v2.ApiKeys',
    'google.longrunning.Operations',
    'google.cloud.scheduler.v1.CloudScheduler',
    'google.iam.v1.IAMPolicy', // of topics and subscriptions: Pub/Sub's clients use what all APIs share
  ].map((name) => serviceIn(root, name));
}

/** `google.rpc.Status` and its details, as they travel in the trailer `grpc-status-details-bin`. */
export function statusType(): protobuf.Type {
  return cutDown().lookupType('google.rpc.Status');
}

function cutDown(): protobuf.Root {
  const load = createRequire(import.meta.url);
  return protobuf.Root.fromJSON(load('./protos/google.json'));
}

function serviceIn(root: protobuf.Root, name: string): protobuf.Service {
  const service = root.lookupService(name);
  for (const method of service.methodsArray) method.resolve();
  return service;
}

/** Messages cross the wire as protobuf and are protobuf's JSON form on this side. */
export function definitionOf(
  service: protobuf.Service,
  method: protobuf.Method,
): grpc.MethodDefinition<unknown, unknown> {
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (request === null || response === null) throw new Error(`${method.name} has no message types`);
  return {
    path: pathOf(service, method),
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: (json) => encoded(request, json),
    requestDeserialize: (wire) => readable(() => serializer.toProto3JSON(request.decode(wire))),
    responseSerialize: (json) => encoded(response, json),
    responseDeserialize: (wire) => serializer.toProto3JSON(response.decode(wire)),
  };
}

export function pathOf(service: protobuf.Service, method: protobuf.Method): string {
  return `/${service.fullName.slice(1)}/${method.name}`;
}

function readable(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return UNREADABLE;
  }
}

/** A message in protobuf's JSON form as bytes. Fields that the proto does not have, as only REST shows them, are left out. */
export function encoded(type: protobuf.Type, json: unknown): Buffer {
  const message = serializer.fromProto3JSON(type, JSON.parse(JSON.stringify(known(type, json))));
  return Buffer.from(message === null ? [] : type.encode(message).finish());
}

function known(type: protobuf.Type, json: unknown): JsonObject {
  if (!isJsonObject(json)) return {};
  const entries = Object.entries(json).flatMap(([name, value]): [string, unknown][] => {
    const field = type.fieldsArray.find((one) => camel(one.name) === camel(name));
    if (field === undefined) return name === '@type' ? [[name, value]] : [];
    const inner = field.resolve().resolvedType;
    const isMessage = inner instanceof protobuf.Type && !field.map;
    if (!isMessage || /^\.google\.protobuf\.(?!Any$)/.test(inner.fullName)) return [[name, value]];
    return [[name, Array.isArray(value) ? value.map((one) => within(inner, one)) : within(inner, value)]];
  });
  return Object.fromEntries(entries);
}

function within(type: protobuf.Type, json: unknown): JsonObject {
  if (type.fullName !== '.google.protobuf.Any' || !isJsonObject(json)) return known(type, json);
  const name = String(json['@type']).replace(/^.*\//, '');
  const inner = type.root.lookupType(name);
  return { ...known(inner, json), '@type': json['@type'] };
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
