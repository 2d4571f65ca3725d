import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { addressProblem, reachOf, type Reach } from './target-guard.ts';

/** Finds every address of a name. */
export type Resolve = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  /** Origins such as `https://hooks.corp.internal:8443` that may be internal; plain http is allowed for these only. */
  readonly allowedOrigins: readonly string[];
  readonly connectMs: number;
  /** The system's by default. */
  readonly resolve?: Resolve | undefined;
}

const REFUSED = 'KEY_WARDEN_TARGET_REFUSED';

/** What a request rejects with when its target was refused; the message names no address. */
export function isTargetRefused(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === REFUSED;
}

/**
 * Connects to public https targets only, and checks at the moment of connecting the very address that is used: a check
 * before it can be given another address than the connection. Global `fetch` ignores agents, so pass this to undici.
 */
export function guardedDispatcher({ allowedOrigins, connectMs, resolve = resolveWithSystem }: GuardOptions): Agent {
  const connectors = {
    public: buildConnector({ timeout: connectMs, allowH2: false, lookup: guardedLookup(resolve, 'public') }),
    internal: buildConnector({ timeout: connectMs, allowH2: false, lookup: guardedLookup(resolve, 'internal') }),
  };
  return new Agent({
    connect(options, callback) {
      const reach = reachOf(new URL(`${options.protocol}//${options.host ?? options.hostname}`), allowedOrigins);
      const problem = typeof reach === 'object' ? reach.problem : literalProblem(options.hostname, reach);
      if (typeof reach === 'object' || problem !== undefined) callback(refusal(problem), null);
      else connectors[reach](options, callback);
    },
  });
}

/** A literal address is never looked up, so the look-up cannot refuse it. */
export function literalProblem(hostname: string, reach: Reach): string | undefined {
  return isIP(hostname) === 0 ? undefined : addressProblem(hostname, reach);
}

/** Finds addresses for a connection, if it may go there. One bad address among several refuses the name: which one is used is not ours to choose. */
export function guardedLookup(resolve: Resolve, reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      const problem = addresses.map(({ address }) => addressProblem(address, reach)).find((one) => one !== undefined);
      if (first === undefined || problem !== undefined) return callback(refusal(problem), '');
      return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    });
  };
}

/** What a connection fails with that the guard refuses. */
export function refusal(problem = 'the target has no address'): Error {
  return Object.assign(new Error(problem), { code: REFUSED });
}

/** Every address that this machine finds for a name. */
export const resolveWithSystem: Resolve = (hostname, callback) => lookUp(hostname, { all: true }, callback);
