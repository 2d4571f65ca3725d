/**
 * How payloads are read from Secret Manager: plainly, and through Google's client library over REST and gRPC, against the same stub on
 * loopback, in fresh processes, beside bare HTTP as the floor. Prints medians. Run with `node bench/transport.ts [rounds]`.
 */
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import sdk from '@google-cloud/secret-manager';
import { grpc } from 'google-gax';
import { crc32c } from '../src/core/values/crc32c.ts';
import { figuresOf, median } from './children.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const KINDS = ['floor', 'plain', 'rest', 'grpc'] as const;
const FIGURES = ['readyMs', 'rssMegabytes', 'perSecond', 'cpuMicros'] as const;
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

const NAME = 'projects/1/secrets/gemini/versions/1';
const DATA = Buffer.from('k'.repeat(39));
const DATA_CRC32C = String(crc32c(DATA));

async function restStub(): Promise<{ readonly server: Server; readonly url: string }> {
  const body = JSON.stringify({ name: NAME, payload: { data: DATA.toString('base64'), dataCrc32c: DATA_CRC32C } });
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

async function grpcStub(): Promise<{ readonly server: grpc.Server; readonly url: string }> {
  const { AccessSecretVersionRequest, AccessSecretVersionResponse } = sdk.protos.google.cloud.secretmanager.v1;
  const answer = Buffer.from(
    AccessSecretVersionResponse.encode({ name: NAME, payload: { data: DATA, dataCrc32c: DATA_CRC32C } }).finish(),
  );
  const definition = {
    accessSecretVersion: {
      path: '/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion',
      requestStream: false as const,
      responseStream: false as const,
      requestSerialize: (bytes: Buffer) => bytes,
      requestDeserialize: (bytes: Buffer) => AccessSecretVersionRequest.decode(bytes),
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  };
  const server = new grpc.Server();
  server.addService(definition, {
    accessSecretVersion: (_: unknown, reply: grpc.sendUnaryData<Buffer>) => reply(null, answer),
  });
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind('127.0.0.1:0', grpc.ServerCredentials.createInsecure());
  return { server, url: `http://127.0.0.1:${port}` };
}

const measure = (kind: string, url: string): Promise<Figures> =>
  figuresOf(new URL('transport-once.ts', import.meta.url), [kind, url, '2000'], FIGURES);

const rest = await restStub();
const rpc = await grpcStub();
const urls = { floor: rest.url, plain: rest.url, rest: rest.url, grpc: rpc.url };
const measured = new Map<string, Figures[]>(KINDS.map((kind) => [kind, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const kind of KINDS) measured.get(kind)?.push(await measure(kind, urls[kind]));
}
const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(14)).join('');
console.log(row(['', 'ready ms', 'RSS MB', 'accesses/s', 'CPU µs each']));
for (const [kind, rounds] of measured) {
  console.log(row([kind, ...FIGURES.map((figure) => median(rounds.map((round) => round[figure])).toFixed(0))]));
}
rest.server.close();
rpc.server.forceShutdown();
