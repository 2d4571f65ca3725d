import type { Clock } from '../../app/ports/ports.ts';
import type { AuthClient } from 'google-auth-library';
import { Pool } from 'undici';
import { parseRecord, type JsonRecord } from '../../core/values/json.ts';
import { endpointOf } from './endpoints.ts';
import { googleCredentials } from './credentials.ts';
import { faultOf, type Asked } from './errors.ts';
import { DEADLINE_EXCEEDED, refusalOf, UNAUTHENTICATED, UNAVAILABLE } from './refusals.ts';

/** Where a Google API is, and as whom and how patiently to ask it. */
export interface RestOptions {
  /** Names the API in messages about its URL. */
  readonly title: string;
  readonly url: string;
  /** The application default credentials without it; none at all over plain http. */
  readonly authClient?: AuthClient | undefined;
  /** Time limit of one request, from its credentials to the last byte. */
  readonly callMs?: number | undefined;
  /** Connections; more requests than these wait for each other. */
  readonly atOnce?: number | undefined;
}

/** What an adapter over REST is given besides its addresses: as whom and how patiently to ask, and the time. */
export interface RestAdapterOptions extends Pick<RestOptions, 'authClient' | 'callMs'> {
  readonly clock: Clock;
  /** 0 ≤ x < 1, for the spread of retries. */
  readonly random: () => number;
}

/** One request. Whatever stands in `path` has been checked: it is sent as it is. */
export interface RestCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** A list is a parameter that is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly body?: JsonRecord | undefined;
  /** Pays for the quota of a person's own credentials that name no project, where the API wants one. */
  readonly project?: string | undefined;
}

/** A Google API spoken to over plain REST, for what the client libraries lack. */
export interface GoogleRest {
  /** One attempt; the JSON object of a 200. Rejects with a `Fault` in the words of `asked`, never with a body. */
  ask(call: RestCall, asked: Asked): Promise<JsonRecord>;
  close(): Promise<void>;
}

const CALL_MS = 10_000;
const CONNECTIONS = 8;
const BODY_BYTES_MAX = 4_194_304;

/**
 * Answers hold key strings, so they pass through nothing that could print them: the library that gives the credentials
 * does not see them. Redirects are not followed. Throws `invalid` at once for a URL that cannot be used.
 */
export function googleRest(options: RestOptions): GoogleRest {
  const endpoint = endpointOf(options.title, options.url);
  const credentials = googleCredentials(endpoint.protocol, options.authClient);
  const pool = new Pool(endpoint.origin, {
    connections: options.atOnce ?? CONNECTIONS,
    allowH2: false, // the bound on bodies is for HTTP/1
    maxResponseSize: BODY_BYTES_MAX,
  });

  /** Credentials count towards the time limit too, because a request must not go out late: a lease may have ended. */
  const credentialHeaders = async (
    call: RestCall,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>> => {
    try {
      return await Promise.race([credentials(call.project), endOf(signal)]);
    } catch {
      // the library's message can quote a credentials file
      throw faultOf({ code: signal.aborted ? DEADLINE_EXCEEDED : UNAUTHENTICATED }, asked);
    }
  };

  const exchange = async (
    call: RestCall,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const headers = await credentialHeaders(call, asked, signal);
    try {
      const { statusCode: status, body } = await pool.request({
        method: call.method,
        path: endpoint.prefix + call.path + queryOf(call),
        headers: {
          ...headers,
          'user-agent': 'gemini-key-warden',
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal,
      });
      return { status, text: await body.text() };
    } catch {
      throw faultOf({ code: signal.aborted ? DEADLINE_EXCEEDED : UNAVAILABLE }, asked);
    }
  };

  /** The limit ends with the call: a fleet makes more calls in the time that one may take than there should be timers. */
  const inTime = async (call: RestCall, asked: Asked): ReturnType<typeof exchange> => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.callMs ?? CALL_MS);
    try {
      return await exchange(call, asked, late.signal);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async ask(call, asked) {
      const { status, text } = await inTime(call, asked);
      const answer = parseRecord(text);
      if (status === 200 && answer !== undefined) return answer;
      throw faultOf(refusalOf(answer?.['error'], status), asked);
    },
    close: () => pool.close(),
  };
}

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function queryOf({ query }: RestCall): string {
  if (query === undefined) return '';
  const each = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return `?${new URLSearchParams(each).toString()}`;
}

/** A list in an answer. Google leaves an empty one out; rejects what is not a list as `unavailable`. */
export function listIn(answer: JsonRecord, field: string, asked: Asked): readonly unknown[] {
  const list = answer[field] ?? [];
  if (Array.isArray(list)) return list;
  throw faultOf({ code: UNAVAILABLE }, asked);
}

/** Where the next page of an answer begins; absent on the last. */
export function nextPageIn({ nextPageToken }: JsonRecord): string | undefined {
  return typeof nextPageToken === 'string' ? nextPageToken : undefined;
}
