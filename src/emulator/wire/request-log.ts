import { apiOf, type Api } from './faults.ts';
import type { Request } from './http.ts';

/** One request as a test may look at it afterwards. No byte of a key is in it. */
export interface HeardRequest {
  readonly at: string;
  readonly api: Api;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0 when the caller got no answer. */
  readonly status: number;
  /** Email of a registered token, or `owner`. */
  readonly caller: string;
}

export interface RequestLog {
  /** What is asked of the control surface is not kept. */
  add(request: Request, status: number, caller: string, at: number): void;
  /** Oldest first, the last ten thousand. */
  all(): readonly HeardRequest[];
}

const LENGTH = 10_000;
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['key', 'keyString', 'access_token', 'key_string']);
/** What stands between the marks of a path or a query. */
const RUN = /[^/?&=:\s]+/g;
const KEY_SHAPED = /AIza[\w-]+|AQ\.[\w-]+|ya29\.[\w-]+/g;
const REDACTED = '[redacted key]';

/** `isKey` knows the keys of the cloud, whatever their shape; what looks like one is struck out too, known or not. */
export function requestLog(isKey: (text: string) => boolean): RequestLog {
  const heard: HeardRequest[] = [];
  const clean = (text: string): string =>
    text.replace(RUN, (run) => (isKey(run) ? REDACTED : run)).replace(KEY_SHAPED, REDACTED);
  return {
    add(request, status, caller, at) {
      const api = apiOf(request.path);
      if (api === 'control') return;
      const query = [...request.query].map(([name, value]): [string, string] => [
        name,
        SECRET_PARAMETERS.has(name) ? REDACTED : clean(value),
      ]);
      heard.push({
        at: new Date(at).toISOString(),
        api,
        method: request.method,
        path: clean(decoded(request.path)),
        query: Object.fromEntries(query),
        status,
        caller,
      });
      if (heard.length > LENGTH) heard.shift();
    },
    all: () => [...heard],
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
