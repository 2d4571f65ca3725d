import type { IncomingMessage } from 'node:http';
import { bodyOf, httpLoopback, type Loopback } from '../loopback.ts';

/** What a stub answers to one request. */
export interface StubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A server of a vendor's on this machine, closed with `await using`. */
export interface Stub extends Loopback {
  /** Method and path of every request so far. */
  readonly asked: readonly string[];
}

/** Serves JSON on loopback, as `answer` says. */
export async function jsonStub(answer: (request: IncomingMessage, body: string) => StubAnswer): Promise<Stub> {
  const asked: string[] = [];
  const server = await httpLoopback((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void bodyOf(request).then((sent) => {
      const { status, headers = {}, body } = answer(request, sent);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
  });
  return { ...server, asked };
}
