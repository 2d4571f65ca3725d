import { Fault } from '../../app/ports/fault.ts';

/** Where a Google API is reached, taken apart in the way that both HTTP and the client libraries need it. */
export interface Endpoint {
  readonly protocol: 'http' | 'https';
  /** As it stands in a URL: an IPv6 address keeps its brackets. */
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port, without a closing slash. */
  readonly origin: string;
  /** What stands before every path, without a closing slash; empty for Google itself. */
  readonly prefix: string;
}

/**
 * Reads the URL of a setting. Plain http would send keys and tokens readable over the network, so it is taken only for
 * this machine, where the pretend cloud listens. Throws `invalid`, with `title` naming what the URL was for.
 */
export function endpointOf(title: string, text: string): Endpoint {
  const url = URL.parse(text);
  const protocol = url?.protocol === 'https:' ? 'https' : url?.protocol === 'http:' ? 'http' : undefined;
  if (url === null || protocol === undefined) {
    throw new Fault('invalid', `The ${title} URL is not an https address. Write it like https://host.example.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Fault('invalid', `The ${title} URL has a user, a query or a fragment. Write only https://host.example.`);
  }
  if (protocol === 'http' && !isLoopback(url.hostname)) {
    throw new Fault(
      'invalid',
      `The ${title} URL is plain http to ${url.hostname}, which would send secrets readable over the network. ` +
        'Use https; plain http is only for a pretend cloud on 127.0.0.1.',
    );
  }
  const port = url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port);
  return { protocol, host: url.hostname, port, origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
