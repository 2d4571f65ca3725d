import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { grpc, protobuf, serializer } from 'google-gax';
import { ApiError } from './api-error.ts';
import type { Iam } from './iam.ts';
import { RPCS } from './secret-manager/rpcs.ts';
import type { RpcName } from './secret-manager/rpcs.ts';
import type { SecretManager } from './secret-manager/secret-manager.ts';

/** The pretend Secret Manager over insecure gRPC, beside the HTTP port. */
export interface GrpcDoor {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends open calls at once. */
  close(): void;
}

export interface GrpcDoorParts {
  /** Asked at every call, because a reset puts new ones in place. */
  readonly behind: () => { readonly secrets: SecretManager; readonly iam: Iam };
  readonly port: number;
  /** Runs around each call: may wait, throw an `ApiError` instead of applying it, or after it was applied. */
  readonly around?: (rpc: RpcName, apply: () => unknown) => Promise<unknown>;
}

/**
 * Serves google.cloud.secretmanager.v1.SecretManagerService by the same calls as REST, from the protos that come with
 * the client. Clients reach it with `sslCreds: grpc.credentials.createInsecure()`, which sends no Authorization, so
 * they are the owner. `port` 0 takes a free one. Rejects when the port is taken.
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
    Object.fromEntries(served.map(({ rpc }) => [rpc, answering(parts, rpc)])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${parts.port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
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
    path: `/${service.fullName.slice(1)}/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (json) => encoded(request, json),
    requestDeserialize: (wire) => serializer.toProto3JSON(request.decode(wire)),
    responseSerialize: (json) => encoded(response, json),
    responseDeserialize: (wire) => serializer.toProto3JSON(response.decode(wire)),
  };
}

function encoded(type: protobuf.Type, json: unknown): Buffer {
  const message = serializer.fromProto3JSON(type, JSON.parse(JSON.stringify(json)));
  return Buffer.from(message === null ? [] : type.encode(message).finish());
}

function answering(parts: GrpcDoorParts, rpc: RpcName): grpc.handleUnaryCall<unknown, unknown> {
  const { behind, around = async (_, apply) => apply() } = parts;
  return (call, reply) => {
    const apply = (): unknown => {
      const { secrets, iam } = behind();
      return secrets.call(rpc, iam.callerOf(call.metadata.get('authorization')[0]?.toString()), call.request);
    };
    around(rpc, apply).then(
      (answer) => reply(null, answer),
      (error: unknown) => reply(errorOf(error)),
    );
  };
}

function errorOf(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof ApiError) return { code: grpc.status[error.status], details: error.message };
  return { code: grpc.status.INTERNAL, details: 'Internal error encountered.' };
}
