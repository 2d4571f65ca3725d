import { Agent } from 'undici';
import { Fault } from '../../app/ports/fault.ts';
import type { FunctionAnswer, FunctionCall, OpenFunction } from '../../app/ports/deployed-functions.ts';
import { parseRecord } from '../../core/values/json.ts';
import { endpointOf } from '../google/endpoints.ts';
import { readBounded } from '../http/read-bounded.ts';
import { idTokenFor, type IdTokenOptions } from './id-token.ts';

export interface FunctionAtOptions extends IdTokenOptions {
  /** Time limit of one call, in milliseconds. */
  readonly callMs: number;
  /** What is said besides where no answer came. */
  readonly unanswered?: string;
}

const BODY_BYTES_MAX = 16 * 1_048_576;

/** Calls functions by their addresses, each with a token for it alone. One attempt each, and no redirect is followed: the token would go along. */
export function functionsAt(options: FunctionAtOptions): {
  open(url: string): Promise<OpenFunction>;
  close(): Promise<void>;
} {
  const { callMs, unanswered = '' } = options;
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
        `${url} ${signal.aborted ? 'did not answer in time' : 'cannot be reached'}.${unanswered}`,
      );
    }
  };

  return {
    async open(url) {
      endpointOf('function’s', url);
      const { token, as } = await idTokenFor(url, options);
      return { url, as, ask: (call) => ask(url, token, call) };
    },
    close: () => agent.destroy(),
  };
}
