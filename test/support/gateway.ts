import { request } from 'node:http';
import { httpLoopback, type Loopback } from './loopback.ts';

/** A way to a pretend cloud that somebody takes, whose own token goes along with every call. */
export interface Gateway extends Loopback {
  /** What went through, as `GET /v1/…`. */
  readonly calls: readonly string[];
}

/** Serves the same cloud as `token`: a command behind it holds no right but those of that caller. */
export async function gatewayTo(url: string, token: string): Promise<Gateway> {
  const calls: string[] = [];
  const served = await httpLoopback((incoming, outgoing) => {
    calls.push(`${incoming.method} ${incoming.url}`);
    const { host: _, ...headers } = incoming.headers;
    const passed = request(
      `${url}${incoming.url}`,
      { method: incoming.method, headers: { ...headers, authorization: `Bearer ${token}` } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  return { ...served, calls };
}
