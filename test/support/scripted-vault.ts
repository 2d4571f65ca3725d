import { Fault } from '../../src/app/ports/fault.ts';
import { isRecord, parseJson } from '../../src/core/values/json.ts';
import { secretManagerVault, type VaultOptions } from '../../src/edge/secret-manager/secret-manager.ts';
import { bodyOf, httpLoopback } from './loopback.ts';
import { stillClock } from './still-clock.ts';

/** What a scripted server does with one request. `lose` stands for a call that landed and whose answer got lost. */
export type Line = { readonly status?: number; readonly body?: unknown } | 'lose' | 'hang';

/** One request as it came: method, path with query, parsed body. */
export interface Heard {
  readonly method: string | undefined;
  readonly url: string;
  readonly body: unknown;
}

/** Google's error envelope. */
export function refusal(status: number, name: string, message: string): Line {
  return { status, body: { error: { code: status, message, status: name } } };
}

/** Runs the real vault against a server that answers with `script`, line by line. */
export async function scripted<T>(
  script: readonly Line[],
  use: (vault: ReturnType<typeof secretManagerVault>) => Promise<T>,
  options: Partial<VaultOptions> = {},
): Promise<{ outcome: T | Fault; heard: readonly Heard[]; slept: readonly number[] }> {
  const heard: Heard[] = [];
  await using server = await httpLoopback((request, response) => {
    void bodyOf(request).then((text) => {
      heard.push({ method: request.method, url: decodeURIComponent(request.url ?? ''), body: parseJson(text) });
      const line = script[heard.length - 1] ?? refusal(400, 'INVALID_ARGUMENT', 'The script is over.');
      if (line === 'lose') request.socket.destroy();
      else if (line !== 'hang') {
        response.writeHead(line.status ?? 200, { 'content-type': 'application/json' });
        response.end(typeof line.body === 'string' ? line.body : JSON.stringify(line.body ?? {}));
      }
    });
  });
  const clock = stillClock();
  const vault = secretManagerVault({ url: server.url, clock, random: () => 0.5, ...options });
  const outcome = await use(vault).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  await vault.close();
  return { outcome, heard, slept: clock.slept };
}

/** A field of a request's body, by path. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, key) => (isRecord(at) ? at[key] : undefined), value);
}
