import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from '../../src/app/ports/fault.ts';
import { parseJson } from '../../src/core/values/json.ts';
import { bodyOf, httpLoopback } from './loopback.ts';
import type { Line } from './scripted-vault.ts';
import { stillClock, type StillClock } from './still-clock.ts';

/** One request as it came. */
interface Heard {
  readonly method: string | undefined;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Where the scripted server is, and a clock that sleeps in no time; what every adapter over REST is made of. */
export interface ScriptedWorld {
  readonly url: string;
  readonly clock: StillClock;
  readonly random: () => number;
}

/** Runs `use` against a server that answers with `script`, line by line; a fault is an outcome. */
export async function scriptedGoogle<T>(
  script: readonly Line[],
  use: (world: ScriptedWorld) => Promise<T>,
): Promise<{ outcome: T | Fault; heard: readonly Heard[]; slept: readonly number[] }> {
  const heard: Heard[] = [];
  await using server = await httpLoopback((request, response) => {
    void bodyOf(request).then((text) => {
      const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const query = Object.fromEntries(searchParams);
      heard.push({ method: request.method, path, query, headers: request.headers, body: parseJson(text) });
      const line = script[heard.length - 1] ?? { status: 500, body: 'The script is over.' };
      if (line === 'lose') request.socket.destroy();
      else if (line !== 'hang') {
        response.writeHead(line.status ?? 200, { 'content-type': 'application/json' });
        response.end(typeof line.body === 'string' ? line.body : JSON.stringify(line.body ?? {}));
      }
    });
  });
  const clock = stillClock();
  const outcome = await use({ url: server.url, clock, random: () => 0.5 }).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  return { outcome, heard, slept: clock.slept };
}
