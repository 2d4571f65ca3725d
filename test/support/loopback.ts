import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server of a test's own on 127.0.0.1, closed with everything that hangs on it. */
export interface Loopback extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** How many connections were accepted so far. */
  sockets(): number;
}

/** Answers HTTP with `listener`, which may also never answer. */
export function httpLoopback(listener: RequestListener): Promise<Loopback> {
  return listen(createServer(listener));
}

/** Accepts connections and gives them to `onSocket`. */
export function tcpLoopback(onSocket: (socket: Socket) => void): Promise<Loopback> {
  return listen(createTcpServer(onSocket));
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await tcpLoopback(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}

/** The whole body of a request, or of a mail. */
export async function bodyOf(request: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<Loopback> {
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets: () => accepted,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port');
  return address;
}
