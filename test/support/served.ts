import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Server } from 'node:http';

/** A registered function served on loopback by the framework itself. */
export interface Served extends AsyncDisposable {
  readonly url: string;
}

/** Serves the function of this name, which must be registered. */
export async function served(name: string): Promise<Served> {
  const server: Server = getTestServer(name);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
