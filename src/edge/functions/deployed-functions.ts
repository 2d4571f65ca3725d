import { Agent } from 'undici';
import { Fault } from '../../app/ports/fault.ts';
import type { DeployedFunctions, FunctionAnswer, FunctionCall } from '../../app/ports/deployed-functions.ts';
import type { FunctionUrls } from '../../core/settings/function-urls.ts';
import { parseRecord } from '../../core/values/json.ts';
import { endpointOf } from '../google/endpoints.ts';
import { readBounded } from '../http/read-bounded.ts';
import { idTokenFor, type IdTokenOptions } from './id-token.ts';

export interface DeployedFunctionsOptions extends IdTokenOptions {
  readonly urls: FunctionUrls;
  /** Time limit of one call, in milliseconds. */
  readonly callMs?: number | undefined;
}

/** A function may work for an hour; who waits longer than this looks at the record. */
const CALL_MS = 600_000;
const BODY_BYTES_MAX = 16 * 1_048_576;

/** Calls the worker's functions, each with a token for it alone. One attempt each, and no redirect is followed: the token would go along. */
export function deployedFunctions(options: DeployedFunctionsOptions): DeployedFunctions & { close(): Promise<void> } {
  const { urls, callMs = CALL_MS } = options;
  const agent = new Agent({ headersTimeout: callMs, bodyTimeout: callMs });

  const ask = async (url: string, token: string, call: FunctionCall): Promise<FunctionAnswer> => {
    const { origin } = endpointOf('function’s', url);
    const withinMs = Math.min(callMs, call.withinMs ?? callMs);
    const signal = AbortSignal.timeout(withinMs);
    try {
      const { statusCode: status, body } = await agent.request({
        origin,
        path: `/${call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`}`,
        method: call.method,
        headers: {
          authorization: `Bearer ${token}`,
          'user-agent': 'gemini-key-warden',
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal,
      });
      const { text } = await readBounded(body, BODY_BYTES_MAX, withinMs);
      return { status, body: parseRecord(text) };
    } catch {
      throw new Fault(
        signal.aborted ? 'timeout' : 'unavailable',
        `${url} ${signal.aborted ? 'did not answer in time' : 'cannot be reached'}. Whether it did what was asked is on record: look with \`key-warden status\`, then try again.`,
      );
    }
  };

  return {
    async open(name) {
      const url = urls[name];
      if (url === undefined) return undefined;
      endpointOf('function’s', url);
      const { token, as } = await idTokenFor(url, options);
      return { url, as, ask: (call) => ask(url, token, call) };
    },
    close: () => agent.destroy(),
  };
}
