import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { redact } from '../core/key/redact.ts';
import { isRecord, parseJson } from '../core/values/json.ts';
import type { Leaving, Log } from '../app/ports/ports.ts';
import type { CallerCheck } from '../edge/process/callers.ts';

/** What one function takes, all of it known before a byte of a body is read. */
export interface Entrance {
  /** An event is pushed by Pub/Sub, and reaches its function without headers: nobody but the door can verify its caller. */
  readonly takes: 'calls' | 'events';
  readonly methods: readonly ('GET' | 'POST')[];
  /** The header that says who calls, or several of which the first that is there does; `authorization` unless it is another one. */
  readonly proof?: string | readonly string[];
  /** The longest body; `BODY_BYTES_MAX` unless it is another one. */
  readonly bodyBytesMax?: number;
  /** How a refusal is put for whoever calls, where that is not JSON. */
  readonly refusal?: (refusal: Refusal) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** Lets a request through to what is served behind, or answers it. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse, letThrough: () => void) => Promise<void>;

/** The longest list of secrets and the largest event of ours are far below it. */
export const BODY_BYTES_MAX = 64 * 1024;

/** A push names its topic in the path, for the framework looks for it there; nothing else has a path. */
const PATHS: Readonly<Record<Entrance['takes'], RegExp>> = {
  calls: /^\/(?:\?|$)/,
  events: /^\/(?:projects\/[^/?]+\/topics\/[^/?]+)?(?:\?|$)/,
};

/** Why a request gets no further. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 503;
  readonly why: string;
}

/**
 * Stands before functions-framework, which reads and inflates up to a gigabyte and quotes what it cannot parse before a
 * function sees who calls. Here method, path, caller and length come first; then at most 64 KiB are read, or what the entrance takes, as they are,
 * and the framework finds the body read. No answer and no log line repeats what was sent.
 */
export function frontDoor(log: Log, entrance: Entrance, callers: CallerCheck, leaving: Leaving): FrontDoor {
  return async (request, response, letThrough) => {
    const refusal = outwardly(request, entrance, leaving) ?? (await stranger(request, entrance, callers));
    const body = refusal ?? (await bodyOf(request, entrance));
    if (body === 'gone') return;
    const read = Buffer.isBuffer(body) ? asFrameworkReads(body, entrance) : body;
    if ('why' in read) return refuse(log, response, entrance, read);
    Object.assign(request, read);
    letThrough();
  };
}

function outwardly(
  { method, url = '', headers }: IncomingMessage,
  { takes, methods, bodyBytesMax = BODY_BYTES_MAX }: Entrance,
  leaving: Leaving,
): Refusal | undefined {
  if (leaving()) return { status: 503, why: 'this instance is ending; call again' };
  if (!methods.some((known) => known === method)) return { status: 405, why: `only ${methods.join(' and ')} is taken` };
  if (!PATHS[takes].test(url)) return { status: 404, why: 'there is nothing at this path' };
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return { status: 415, why: 'a body is taken as it is, not compressed' };
  return Number(headers['content-length'] ?? 0) > bodyBytesMax ? tooLong(bodyBytesMax) : undefined;
}

function tooLong(bytesMax: number): Refusal {
  return { status: 413, why: `a body has at most ${bytesMax} bytes` };
}

async function stranger(
  { headers }: IncomingMessage,
  { proof = 'authorization' }: Entrance,
  callers: CallerCheck,
): Promise<Refusal | undefined> {
  const brought = [proof]
    .flat()
    .map((name) => headers[name])
    .find((header) => header !== undefined);
  const verdict = await callers(typeof brought === 'string' ? brought : undefined);
  return verdict.allowed ? undefined : verdict;
}

/** All bytes of a body, one of unknown length too; `gone` when the caller went away in the middle. */
async function bodyOf(
  request: IncomingMessage,
  { bodyBytesMax = BODY_BYTES_MAX }: Entrance,
): Promise<Buffer | Refusal | 'gone'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const piece: unknown = chunk;
      if (!Buffer.isBuffer(piece)) continue;
      bytes += piece.length;
      if (bytes > bodyBytesMax) return tooLong(bodyBytesMax);
      chunks.push(piece);
    }
  } catch {
    return 'gone';
  }
  return Buffer.concat(chunks);
}

/** What the framework would have put on the request. */
interface ReadBody {
  readonly rawBody: Buffer;
  readonly body?: object;
}

/** Of a push only what an event of ours has goes on, in the types that it has: the framework throws over others, with a stack. */
function asFrameworkReads(rawBody: Buffer, { takes }: Entrance): ReadBody | Refusal {
  if (takes === 'calls') return { rawBody };
  const value = parseJson(rawBody.toString());
  const message = isRecord(value) ? value['message'] : undefined;
  if (!isRecord(value) || !isRecord(message))
    return { status: 400, why: 'the body is not a message that Pub/Sub pushes' };
  const texts = ['data', 'messageId', 'publishTime'].filter((name) => typeof message[name] === 'string');
  const attributes = isRecord(message['attributes']) ? message['attributes'] : {};
  const told = { ...Object.fromEntries(texts.map((name) => [name, message[name]])), attributes };
  // The framework tells a push by it; which one it was is nobody's business.
  return { rawBody, body: { message: told, subscription: '-' } };
}

/** The connection is closed: what was sent and not read would be taken for the next request. */
function refuse(log: Log, response: ServerResponse, { refusal = asJson }: Entrance, { status, why }: Refusal): void {
  const message = redact(why);
  log.write('WARNING', `call refused with ${status}: ${message}`);
  const { headers, body } = refusal({ status, why: message });
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}

function asJson({ status, why }: Refusal) {
  return {
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error: { code: status, message: why } }),
  };
}
