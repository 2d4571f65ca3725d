import { connect, isIP, type Socket } from 'node:net';
import { guardedLookup, literalProblem, refusal, type Resolve } from '../webhooks/guarded-dispatcher.ts';
import type { Relay } from './relay.ts';

export interface SocketOptions {
  readonly connectMs: number;
  readonly resolve: Resolve;
}

/**
 * A connection to a relay, whose address was looked at in the moment of connecting as those of webhooks are. Rejects as sockets do,
 * and with what `isTargetRefused` knows. The library gets it ready made, so that it looks no name up by itself;
 * until somebody listens to it, a break is heard here, for one that nobody hears ends the process.
 */
export function guardedSocket({ host, port, reach }: Relay, { connectMs, resolve }: SocketOptions): Promise<Socket> {
  const problem = isIP(host) === 0 ? undefined : literalProblem(host, reach);
  if (problem !== undefined) return Promise.reject(refusal(problem));
  return new Promise((made, failed) => {
    const socket = connect({ host, port, lookup: guardedLookup(resolve, reach), timeout: connectMs });
    const late = () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    socket.once('timeout', late).on('error', failed);
    socket.once('connect', () => {
      socket.setTimeout(0).off('timeout', late);
      made(socket);
    });
  });
}
