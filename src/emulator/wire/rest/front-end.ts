import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip as gunzipWith, gzipSync } from 'node:zlib';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, envelopeOf } from '../api-error.ts';
import type { Fault, FaultBoard } from '../faults.ts';
import type { Reply, Request, Service } from '../http.ts';
import { isJsonObject } from './json-body.ts';
import { partial } from './partial.ts';
import { googleJson, notServed, type WireReply } from './wire.ts';

/** Ten MiB, the bound of Google's front end for the APIs served here; the Gemini API's own is higher. */
const gunzip = promisify(gunzipWith);
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
/** Google's front end keeps idle connections for some four minutes; clients that count on it must not be cut off. */
const KEEP_ALIVE_MS = 4 * 60_000;
/** Frames of a stream are read one by one as they come, so they are not held back to be compressed. */
const STREAM = 'text/event-stream';
const ENDLESS_CHUNK = 'a'.repeat(16 * 1024);

/** What the front end needs. Services are asked in order; the first that answers wins. */
export interface FrontEndParts {
  readonly services: () => readonly Service[];
  /** The pretend cloud's own time, which every answer carries. */
  readonly now: () => number;
  /** Brings every service up to date with the clock; awaited before each request. */
  readonly settle: () => Promise<void>;
  readonly faults: FaultBoard;
  /** Told of every request once its fate is known; `status` is 0 when the caller got no answer. */
  readonly heard: (request: Request, status: number) => void;
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Told of a bug in the pretend cloud, which is answered with 500. */
  readonly bug: (error: unknown) => void;
}

/** The one HTTP listener in front of all pretend services. */
export interface FrontEnd {
  readonly port: number;
  /** Ends idle and open sockets at once, also those of calls that hang. */
  close(): Promise<void>;
}

/** Starts listening. Rejects when the port is taken. */
export async function startFrontEnd(parts: FrontEndParts): Promise<FrontEnd> {
  const server = createServer((incoming, outgoing) => {
    serve(parts, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listening(server, parts.port, parts.host);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function serve(parts: FrontEndParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const sent = await bodyOf(incoming);
  if (incoming.url === '/healthz') {
    send(
      outgoing,
      { status: 200, body: 'ok\n', contentType: 'text/plain' },
      { date: dateOf(parts), pretty: false, zipped: false },
    );
    return;
  }
  const body = sent && (await unzipped(sent, incoming.headers['content-encoding']));
  const request = requestOf(incoming, body ?? Buffer.alloc(0));
  const reply = body === undefined ? tooLarge() : await replyTo(parts, request, outgoing);
  parts.heard(request, 'misbehaves' in reply ? 0 : reply.status);
  const pretty = request.query.get('prettyPrint') !== 'false';
  send(outgoing, reply, { date: dateOf(parts), pretty, zipped: takesZipped(request.headers) });
}

function dateOf({ now }: FrontEndParts): string {
  return new Date(now()).toUTCString();
}

/** A body that came compressed, told apart from one that is none: that is answered like any other broken one. */
async function unzipped(body: Buffer, encoding: string | undefined): Promise<Buffer | undefined> {
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return body;
  try {
    return await gunzip(body, { maxOutputLength: BODY_LIMIT_BYTES });
  } catch (error) {
    return isJsonObject(error) && error['code'] === 'ERR_BUFFER_TOO_LARGE' ? undefined : Buffer.from('\u0000');
  }
}

async function replyTo(parts: FrontEndParts, request: Request, outgoing: ServerResponse): Promise<WireReply> {
  const fault = parts.faults.strike(request);
  if (fault?.act === 'delay') await held(fault.delayMs, outgoing);
  const planted = fault && plantedReply(fault);
  if (planted !== undefined) return planted;
  const reply = await answered(parts, request);
  return fault?.act === 'lostAnswer' ? { status: 0, misbehaves: 'drop' } : reply;
}

function plantedReply(fault: Fault): WireReply | undefined {
  switch (fault.act) {
    case 'answer':
      return fault.reply;
    case 'hang':
    case 'drop':
      return { status: 0, misbehaves: fault.act };
    case 'delay':
    case 'lostAnswer':
      return undefined;
  }
}

/** What the services say to a request, errors in Google's envelope. */
export async function answered(
  parts: Pick<FrontEndParts, 'services' | 'settle' | 'bug'>,
  request: Request,
): Promise<Reply> {
  try {
    await parts.settle();
    for (const service of parts.services()) {
      const reply = await service.answer(request);
      if (reply !== undefined) return asWanted(reply, request.query.get('fields') ?? request.query.get('$fields'));
    }
    return notServed(request.path);
  } catch (error) {
    if (error instanceof ApiError) return envelopeOf(error);
    parts.bug(error);
    return envelopeOf(new ApiError('INTERNAL', 'Internal error encountered.'));
  }
}

/** What the system parameter `fields` leaves of a good answer. */
function asWanted(reply: Reply, mask: string | null): Reply {
  if (mask === null || mask === '' || reply.status !== 200 || typeof reply.body !== 'object') return reply;
  const body = partial(reply.body, mask);
  if (body === undefined) throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  return { ...reply, body };
}

/** Resolves after `milliseconds`, or when the caller gave up first. */
function held(milliseconds: number, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    outgoing.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The whole body, or `undefined` when it is over the bound; the rest is read and thrown away so that 413 arrives. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(bytes);
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(chunks) : undefined;
}

function tooLarge(): Reply {
  const message = `Request payload size exceeds the limit: ${BODY_LIMIT_BYTES} bytes.`;
  return { status: 413, body: { error: { code: 413, message, status: 'INVALID_ARGUMENT' } } };
}

/** HEAD is answered as GET, and Node leaves out the body. Java's clients send PATCH as a POST that says so. */
function methodOf({ method = 'GET', headers }: IncomingMessage): string {
  const meant = [headers['x-http-method-override']].flat()[0];
  if (method === 'POST' && meant !== undefined) return meant.toUpperCase();
  return method === 'HEAD' ? 'GET' : method;
}

/**
 * Whoever uses this as its proxy sends the whole address, and the host in it is the one that counts (RFC 9112, 3.2.2): so hosts that
 * no name server knows, such as `us-east1-run.example`, are reached.
 */
function targetOf(url: string): { readonly target: string; readonly host: string | undefined } {
  const [, host, target = ''] = /^http:\/\/([^/?]+)(.*)$/.exec(url) ?? [];
  if (host === undefined) return { target: url, host };
  return { target: target.startsWith('/') ? target : `/${target}`, host };
}

function requestOf(incoming: IncomingMessage, body: Buffer): Request {
  const { target, host } = targetOf(incoming.url ?? '/');
  const mark = target.indexOf('?');
  const sent = host === undefined ? incoming.headers : { ...incoming.headers, host };
  const headers = Object.entries(sent).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    method: methodOf(incoming),
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: Object.fromEntries(headers),
    body,
    callerIp: incoming.socket.remoteAddress ?? '',
  };
}

/**
 * Google compresses for clients that take gzip and have the word in their names too
 * (developers.google.com/workspace/drive/api/guides/performance#gzip): its own libraries end theirs in `(gzip)`.
 */
function takesZipped(headers: Request['headers']): boolean {
  return /\bgzip\b/.test(headers['accept-encoding'] ?? '') && /gzip/.test(headers['user-agent'] ?? '');
}

/** How a reply is written. */
interface Writing {
  readonly date: string;
  readonly pretty: boolean;
  readonly zipped: boolean;
}

function send(outgoing: ServerResponse, reply: WireReply, { date, pretty, zipped }: Writing): void {
  switch (reply.misbehaves) {
    case 'hang':
      return;
    case 'drop':
      outgoing.destroy();
      return;
    case 'endless':
      sendForever(outgoing, reply, date);
      return;
    case undefined: {
      const text = typeof reply.body === 'string';
      const body = reply.body === undefined ? '' : text ? reply.body : googleJson(reply.body, pretty);
      const isZipped = zipped && body !== '' && reply.contentType !== STREAM;
      const encoding = isZipped ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {};
      outgoing.writeHead(reply.status, { ...headersOf(reply, date), ...encoding });
      outgoing.end(isZipped ? gzipSync(body) : body);
    }
  }
}

function sendForever(outgoing: ServerResponse, reply: WireReply, date: string): void {
  outgoing.writeHead(reply.status, headersOf(reply, date));
  const more = (): void => {
    while (!outgoing.destroyed && outgoing.write(ENDLESS_CHUNK));
  };
  outgoing.on('drain', more);
  more();
}

/** The date is that of the pretend cloud's own clock, as Google's answers carry Google's. */
function headersOf(reply: Reply, date: string): Record<string, string> {
  return { date, 'content-type': reply.contentType ?? 'application/json; charset=UTF-8', ...reply.headers };
}
