import http, { type RequestListener, type Server } from 'node:http';
import process from 'node:process';
import type { Log } from '../app/ports/ports.ts';
import type { FrontDoor } from './front-door.ts';

/** How long a caller may take to send headers, and all of a request: Node looks every 30 seconds. */
const TIME_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000 };

export interface ServedBehind {
  readonly door: FrontDoor;
  /** The address to listen on; all of the machine's when left out, as Cloud Run wants it. */
  readonly host?: string | undefined;
  /** Called for the server that the framework makes. */
  readonly made?: (server: Server) => void;
}

/**
 * Puts our door before the one server that functions-framework makes, which it does by `http.createServer` once the
 * functions are loaded and offers no way to do otherwise. A test holds the pinned version to that.
 */
export function serveBehind({ door, host, made }: ServedBehind): void {
  const { createServer } = http;
  const createBehind = (listener: RequestListener): Server => {
    Object.assign(http, { createServer });
    const server = createServer(TIME_LIMITS, (request, response) => {
      void door(request, response, () => listener(request, response));
    });
    const listen = server.listen.bind(server);
    if (host !== undefined)
      Object.assign(server, {
        listen: (port: number | string, ready: () => void) => listen(Number(port), host, ready),
      });
    made?.(server);
    return server;
  };
  Object.assign(http, { createServer: createBehind });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Cloud Run ends an instance 10 seconds after it asked for it. */
const FAREWELL_MS = 8_000;

/**
 * Ends well: at a signal nothing new is begun, what is in hand is finished and answered, and then the process ends. The
 * framework’s own listeners would answer the last call with an error and exit at once; they are set when it listens.
 */
export function endWell(server: Server, log: Log, leave: () => void): void {
  const end = () => {
    leave();
    log.write('NOTICE', 'asked to end: nothing new is begun, and what is in hand is finished');
    server.close(() => process.exit(0));
    setTimeout(() => process.exit(0), FAREWELL_MS).unref();
  };
  // Ours are there before: were there none for a moment, a signal that came just then would be lost.
  for (const signal of SIGNALS) process.on(signal, end);
  server.once('listening', () =>
    // Behind the framework's own listener of the same event, and before any signal can be heard.
    process.nextTick(() => {
      for (const signal of SIGNALS)
        for (const listener of process.listeners(signal))
          if (listener !== end) process.removeListener(signal, listener);
    }),
  );
}
