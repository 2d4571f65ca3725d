import { isMetadataServer, METADATA_SERVER, type Reach } from '../webhooks/target-guard.ts';

/** A relay as a setting names it. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /** `from-the-start`: TLS before the first word. `starttls`: asked for, and nothing is said without. `none`: a pretend cloud's. */
  readonly tls: 'from-the-start' | 'starttls' | 'none';
  readonly reach: Reach;
}

/** Ports that public relays take mail from programs on, by their scheme. Cloud Run and functions cannot reach port 25. */
const PORTS: Readonly<Record<string, readonly [usual: number, ...others: number[]]>> = {
  'smtps:': [465, 2465],
  'smtp:': [587, 2525, 2587],
};

/**
 * Where a relay is and how far it may be, or why nothing is sent there: as for webhooks, anything that is not public has to be on the
 * settings' list, `smtps://mail.corp.internal:465`. Without TLS only a relay of this machine that is on it, a pretend one.
 */
export function relayAt(address: string, allowedOrigins: readonly string[]): Relay | { readonly problem: string } {
  const url = URL.parse(address);
  const ports = PORTS[url?.protocol ?? ''];
  if (url === null || ports === undefined || url.hostname === '')
    return { problem: 'its url is not the address of a relay' };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isMetadataServer(host)) return METADATA_SERVER;
  const port = portOf(url, ports);
  const tls = url.protocol === 'smtps:' ? 'from-the-start' : 'starttls';
  const isListed = allowedOrigins.some((origin) => isSame(origin, url, port));
  if (isListed)
    return { host, port, reach: 'internal', tls: tls === 'starttls' && host === '127.0.0.1' ? 'none' : tls };
  if (!ports.includes(port)) return { problem: `the target’s port is ${port} and not ${ports.join(' or ')}` };
  return { host, port, reach: 'public', tls };
}

function portOf({ port }: URL, [usual]: readonly [number, ...number[]]): number {
  return port === '' ? usual : Number(port);
}

function isSame(origin: string, { protocol, hostname }: URL, port: number): boolean {
  const other = URL.parse(origin);
  const ports = PORTS[other?.protocol ?? ''];
  if (other === null || ports === undefined) return false;
  return other.protocol === protocol && other.hostname === hostname && portOf(other, ports) === port;
}
