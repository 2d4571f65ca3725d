import type { Buffer } from 'node:buffer';

/** A request as the services of the pretend cloud see it: already read, path decoded by the router. */
export interface Request {
  readonly method: string;
  /** Path without the query, percent-decoding left to the service because ids may hold escapes. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Address of the caller, as an IP restriction would see it. */
  readonly callerIp: string;
}

/** A reply. A `string` body is sent as it is with `contentType`; anything else as JSON, indented as Google does. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One pretend service. Answers `undefined` when the path is not its own, so that the next one may. */
export interface Service {
  readonly title: string;
  answer(request: Request): Promise<Reply | undefined> | Reply | undefined;
  /** Lets what became due by `now` happen: rotations, expiries, propagation. Called before every request. */
  settle?(now: number): Promise<void> | void;
}
