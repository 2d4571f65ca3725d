import { Buffer } from 'node:buffer';
import { grpc, type protobuf } from 'google-gax';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, HTTP_STATUS } from '../wire/api-error.ts';
import type { Fault, FaultBoard } from '../wire/faults.ts';
import type { Reply, Request } from '../wire/http.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import type { Iam } from '../world/iam.ts';
import type { MovableClock } from '../world/clock.ts';
import type { PubSub } from '../pubsub/pubsub.ts';
import { pullStream } from '../pubsub/streaming-pull.ts';
import { RPCS, type RpcName } from '../secret-manager/rpcs.ts';
import type { SecretManager } from '../secret-manager/secret-manager.ts';
import { errorIn, grpcErrors } from './grpc-errors.ts';
import { definitionOf, otherServices, pathOf, secretManagerService, UNREADABLE } from './grpc-messages.ts';
import { httpRuleOf, restRequest, type HttpRule } from './transcode.ts';

/** The pretend services over insecure gRPC, beside the HTTP port. */
export interface GrpcDoor {
  readonly port: number;
  /** Ends open calls at once. */
  close(): void;
}

/** What stands behind the door. A whole pretend cloud fits; only Secret Manager and callers must be there. */
export interface BehindGrpc {
  readonly secrets: SecretManager;
  readonly iam: Iam;
  readonly pubsub?: PubSub;
  readonly clock?: MovableClock;
  readonly faults?: FaultBoard;
  /** The answer to a REST request, which is what the calls of all other services become. */
  answer?(request: Request): Promise<Reply>;
  /** Told of every call once its fate is known; `status` is the HTTP status that REST would have answered. */
  heard?(request: Request, status: number): void;
}

export interface GrpcDoorParts {
  /** Asked at every call, because a reset puts new ones in place. */
  readonly behind: () => BehindGrpc;
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; 127.0.0.1 when left out. */
  readonly host?: string;
}

/** How often an open StreamingPull looks for what became due. */
const STREAM_LOOK_MS = 50;

/**
 * Serves Secret Manager by the same calls as REST, and Pub/Sub, Monitoring, API Keys and Scheduler by turning each call
 * into the REST request that means the same. Clients reach it with `sslCreds: grpc.credentials.createInsecure()`, which
 * sends no Authorization, so they are the owner. Planted faults strike here too. Rejects when the port is taken.
 */
export async function startGrpcDoor(parts: GrpcDoorParts): Promise<GrpcDoor> {
  const server = new grpc.Server();
  const errorOf = grpcErrors();
  const vault = secretManagerService();
  serve(server, vault, (method) => {
    const rpc = rpcNamed(method.name);
    if (rpc === undefined) return undefined;
    return unary(parts, errorOf, pathOf(vault, method), ({ secrets, iam }, request, message) =>
      secrets.call(rpc, iam.callerOf(request.headers['authorization']), message),
    );
  });
  for (const service of otherServices())
    serve(server, service, (method) => {
      if (method.name === 'StreamingPull') return streaming(parts, errorOf, pathOf(service, method));
      const rule = httpRuleOf(method.options);
      return rule && unary(parts, errorOf, pathOf(service, method), transcoded(rule));
    });
  const port = await new Promise<number>((resolve, reject) => {
    const address = `${parts.host ?? '127.0.0.1'}:${parts.port}`;
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(Object.assign(error, { code: /\bE[A-Z]{3,}\b/.exec(error.message)?.[0] ?? 'no port' }));
    });
  });
  return { port, close: () => server.forceShutdown() };
}

type Handler = grpc.UntypedHandleCall;

function serve(
  server: grpc.Server,
  service: protobuf.Service,
  handlerOf: (method: protobuf.Method) => Handler | undefined,
): void {
  const served = service.methodsArray.flatMap((method) => {
    const handler = handlerOf(method);
    return handler === undefined ? [] : [{ name: lowerFirst(method.name), method, handler }];
  });
  server.addService(
    Object.fromEntries(served.map(({ name, method }) => [name, definitionOf(service, method)])),
    Object.fromEntries(served.map(({ name, handler }) => [name, handler])),
  );
}

function lowerFirst(name: string): string {
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}

function rpcNamed(method: string): RpcName | undefined {
  const name = lowerFirst(method);
  return isRpcName(name) ? name : undefined;
}

function isRpcName(name: string): name is RpcName {
  return Object.hasOwn(RPCS, name);
}

/** Answers a message in protobuf's JSON form. */
type Act = (behind: BehindGrpc, request: Request, message: unknown) => unknown;

function transcoded(rule: HttpRule): Act {
  return async (behind, request, message) => {
    const reply = await behind.answer?.(restRequest(rule, isJsonObject(message) ? message : {}, request));
    if (reply?.status === 200) return reply.body;
    throw errorIn(reply ?? { status: 501 });
  };
}

type ErrorOf = ReturnType<typeof grpcErrors>;

function unary(parts: GrpcDoorParts, errorOf: ErrorOf, path: string, act: Act): grpc.handleUnaryCall<unknown, unknown> {
  return (call, reply) => {
    const behind = parts.behind();
    const request = requestOf(call.metadata, call.getPeer(), path, call.request);
    const apply = (): unknown => {
      if (call.request === UNREADABLE) throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
      return act(parts.behind(), request, call.request);
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

/** StreamingPull: official subscribers open one and keep it. A planted fault strikes when it is opened. */
function streaming(
  parts: GrpcDoorParts,
  errorOf: ErrorOf,
  path: string,
): grpc.handleBidiStreamingCall<unknown, unknown> {
  return (call) => {
    const { pubsub, iam, clock, faults } = parts.behind();
    const request = requestOf(call.metadata, call.getPeer(), path, {});
    const fail = (error: unknown): void => {
      stop();
      call.emit('error', errorOf(error));
    };
    const looking = setInterval(() => attempt(() => look()), STREAM_LOOK_MS).unref();
    const stop = (): void => clearInterval(looking);
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        fail(error);
      }
    };
    if (pubsub === undefined || clock === undefined) {
      fail(new ApiError('UNIMPLEMENTED', 'There is no Pub/Sub behind this door.'));
      return;
    }
    const { store } = pubsub;
    const stream = pullStream({ store, iam, caller: iam.callerOf(request.headers['authorization']), now: clock.now });
    const look = (): void => {
      // A reset forgot the subscription with everything else.
      if (parts.behind().pubsub !== pubsub) throw new ApiError('NOT_FOUND', 'Resource not found.');
      void pubsub.settle?.(clock.now());
      const answer = stream.due(clock.now());
      if (answer !== undefined) call.write(answer);
    };
    const opening = underFaults(faults?.strike(request), () => undefined);
    opening.catch(fail);
    call.on('data', (message) => attempt(() => stream.hear(message)));
    call.on('end', () => {
      stop();
      call.end();
    });
    call.on('cancelled', stop);
  };
}

/** The call as the fault board and the request log see one: a POST, with the name it asks for as a query. */
function requestOf(metadata: grpc.Metadata, callerIp: string, path: string, message: unknown): Request {
  const { name, parent, resource, topic, subscription, project } = isJsonObject(message) ? message : {};
  const asked = [name, parent, resource, topic, subscription, project].find((value) => typeof value === 'string');
  const authorization = metadata.get('authorization')[0]?.toString();
  return {
    method: 'POST',
    path,
    query: new URLSearchParams(typeof asked === 'string' ? { name: asked } : {}),
    headers: { ...(authorization !== undefined && { authorization }) },
    body: Buffer.alloc(0),
    callerIp,
  };
}

async function underFaults(fault: Fault | undefined, apply: () => unknown): Promise<unknown> {
  switch (fault?.act) {
    case undefined:
      return apply();
    case 'answer':
      throw errorIn(fault.reply);
    case 'delay':
      await sleep(fault.delayMs);
      return apply();
    case 'hang':
      // Until the caller's own time limit, or the end of the server.
      return new Promise(() => undefined);
    case 'drop':
      throw lost();
    case 'lostAnswer':
      await apply();
      throw lost();
  }
}

/** What a client makes of a connection that breaks. */
function lost(): ApiError {
  return new ApiError('UNAVAILABLE', 'The pretend cloud was told to lose this answer.');
}
