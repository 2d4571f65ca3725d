import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { grpc, protobuf, serializer } from 'google-gax';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, HTTP_STATUS, type RpcStatus } from '../wire/api-error.ts';
import type { Fault, FaultBoard } from '../wire/faults.ts';
import type { Reply, Request } from '../wire/http.ts';
import type { Iam } from '../world/iam.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import { RPCS, type RpcName } from '../secret-manager/rpcs.ts';
import type { SecretManager } from '../secret-manager/secret-manager.ts';

/** The pretend Secret Manager over insecure gRPC, beside the HTTP port. */
export interface GrpcDoor {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends open calls at once. */
  close(): void;
}

/** What stands behind the door. A whole pretend cloud fits; faults and the request log are only there in one. */
export interface BehindGrpc {
  readonly secrets: SecretManager;
  readonly iam: Iam;
  readonly faults?: FaultBoard;
  /** Told of every call once its fate is known; `status` is the HTTP status that REST would have answered. */
  heard?(request: Request, status: number): void;
}

export interface GrpcDoorParts {
  /** Asked at every call, because a reset puts new ones in place. */
  readonly behind: () => BehindGrpc;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Serves google.cloud.secretmanager.v1.SecretManagerService by the same calls as REST, from the protos that come with
 * the client. Clients reach it with `sslCreds: grpc.credentials.createInsecure()`, which sends no Authorization, so
 * they are the owner. Planted faults strike here as they do over REST. Rejects when the port is taken.
 */
export async function startGrpcDoor(parts: GrpcDoorParts): Promise<GrpcDoor> {
  const server = new grpc.Server();
  const service = secretManagerService();
  const served = service.methodsArray.flatMap((method) => {
    const rpc = rpcNamed(method.name);
    return rpc === undefined ? [] : [{ rpc, method }];
  });
  server.addService(
    Object.fromEntries(served.map(({ rpc, method }) => [rpc, definitionOf(service, method)])),
    Object.fromEntries(served.map(({ rpc, method }) => [rpc, answering(parts, rpc, pathOf(service, method))])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${parts.port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(Object.assign(error, { code: /\bE[A-Z]{3,}\b/.exec(error.message)?.[0] ?? 'no port' }));
    });
  });
  return { port, close: () => server.forceShutdown() };
}

function secretManagerService(): protobuf.Service {
  const load = createRequire(import.meta.url);
  const root = protobuf.Root.fromJSON(load('@google-cloud/secret-manager/build/protos/protos.json'));
  const service = root.lookupService('google.cloud.secretmanager.v1.SecretManagerService');
  for (const method of service.methodsArray) method.resolve();
  return service;
}

function rpcNamed(method: string): RpcName | undefined {
  const name = `${method.slice(0, 1).toLowerCase()}${method.slice(1)}`;
  return isRpcName(name) ? name : undefined;
}

function isRpcName(name: string): name is RpcName {
  return Object.hasOwn(RPCS, name);
}

/** Messages cross the wire as protobuf and are protobuf's JSON form on this side. */
function definitionOf(service: protobuf.Service, method: protobuf.Method): grpc.MethodDefinition<unknown, unknown> {
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (request === null || response === null) throw new Error(`${method.name} has no message types`);
  return {
    path: pathOf(service, method),
    requestStream: false,
    responseStream: false,
    requestSerialize: (json) => encoded(request, json),
    requestDeserialize: (wire) => readable(() => serializer.toProto3JSON(request.decode(wire))),
    responseSerialize: (json) => encoded(response, json),
    responseDeserialize: (wire) => serializer.toProto3JSON(response.decode(wire)),
  };
}

/** Left in place of a message that has no JSON form, such as one with a time after the year 275,000. */
const UNREADABLE = Symbol('unreadable message');

function readable(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return UNREADABLE;
  }
}

function encoded(type: protobuf.Type, json: unknown): Buffer {
  const message = serializer.fromProto3JSON(type, JSON.parse(JSON.stringify(json)));
  return Buffer.from(message === null ? [] : type.encode(message).finish());
}

function pathOf(service: protobuf.Service, method: protobuf.Method): string {
  return `/${service.fullName.slice(1)}/${method.name}`;
}

function answering(parts: GrpcDoorParts, rpc: RpcName, path: string): grpc.handleUnaryCall<unknown, unknown> {
  return (call, reply) => {
    const behind = parts.behind();
    const request = requestOf(call, path);
    const apply = (): unknown => {
      if (call.request === UNREADABLE) throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
      const { secrets, iam } = parts.behind();
      return secrets.call(rpc, iam.callerOf(request.headers['authorization']), call.request);
    };
    const end = (status: number, error: Partial<grpc.StatusObject> | null, answer?: unknown): void => {
      behind.heard?.(request, status);
      reply(error, answer);
    };
    underFaults(behind.faults?.strike(request), apply).then(
      (answer) => end(200, null, answer),
      (error: unknown) => end(error instanceof ApiError ? HTTP_STATUS[error.status] : 500, errorOf(error)),
    );
  };
}

/** The call as the fault board and the request log see one: a POST, with the name it asks for as a query. */
function requestOf(call: grpc.ServerUnaryCall<unknown, unknown>, path: string): Request {
  const { name, parent, resource } = isJsonObject(call.request) ? call.request : {};
  const asked = [name, parent, resource].find((value) => typeof value === 'string');
  const authorization = call.metadata.get('authorization')[0]?.toString();
  return {
    method: 'POST',
    path,
    query: new URLSearchParams(typeof asked === 'string' ? { name: asked } : {}),
    headers: { ...(authorization !== undefined && { authorization }) },
    body: Buffer.alloc(0),
    callerIp: call.getPeer(),
  };
}

async function underFaults(fault: Fault | undefined, apply: () => unknown): Promise<unknown> {
  switch (fault?.act) {
    case undefined:
      return apply();
    case 'answer':
      throw plantedError(fault.reply);
    case 'delay':
      await sleep(fault.delayMs);
      return apply();
    case 'hang':
      // Until the caller's own time limit, or the end of the server.
      return new Promise(() => undefined);
    case 'drop':
      throw lost();
    case 'lostAnswer':
      apply();
      throw lost();
  }
}

/** What a client makes of a connection that breaks. */
function lost(): ApiError {
  return new ApiError('UNAVAILABLE', 'The pretend cloud was told to lose this answer.');
}

/** gRPC has no bodies: of a planted one the status and message are kept, in Google's envelope or not. */
function plantedError({ status, body }: Reply): ApiError {
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
  const names = Object.keys(HTTP_STATUS).filter((name): name is RpcStatus => Object.hasOwn(HTTP_STATUS, name));
  const named = names.find((name) => name === error['status']) ?? names.find((name) => HTTP_STATUS[name] === status);
  const message = typeof error['message'] === 'string' ? error['message'] : `answered with HTTP status ${status}`;
  return new ApiError(named ?? 'UNAVAILABLE', message);
}

function errorOf(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof ApiError) return { code: grpc.status[error.status], details: error.message };
  return { code: grpc.status.INTERNAL, details: 'Internal error encountered.' };
}
