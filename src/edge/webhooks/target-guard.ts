import ipaddr from 'ipaddr.js';

/** How far a target may be: anywhere public, or also inside, which only a setting can say. */
export type Reach = 'public' | 'internal';

/** Unicast addresses that are given out at all (iana.org/assignments/ipv6-address-space); the rest holds embedded IPv4. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** Ranges that somebody's own network may use. Link-local is not among them: the metadata server listens there. */
const INTERNAL = ['private', 'uniqueLocal', 'loopback'];

/** The metadata server's address in IPv6, inside a range that is otherwise like any private network. */
const METADATA_V6 = ipaddr.IPv6.parse('fd20:ce::254').toNormalizedString();

/** Why nothing may be sent to an address, or `undefined` when it may. IPv4 inside IPv6 is looked at as IPv4. */
export function addressProblem(address: string, reach: Reach): string | undefined {
  if (!ipaddr.isValid(address)) return 'the target has no address';
  const plain = ipaddr.process(address);
  const range = plain.range();
  const isPublic = range === 'unicast' && (plain instanceof ipaddr.IPv4 || plain.match(GIVEN_OUT));
  if (isPublic) return undefined;
  const isInside = INTERNAL.includes(range) && plain.toNormalizedString() !== METADATA_V6;
  return reach === 'internal' && isInside ? undefined : `the target’s address is not public (${range})`;
}

/** Why nothing may be sent to an origin, before any name is resolved, or how far it may reach. */
export function reachOf(url: URL, allowedOrigins: readonly string[]): Reach | { readonly problem: string } {
  if (isMetadataServer(url.hostname)) return METADATA_SERVER;
  if (allowedOrigins.includes(url.origin)) return 'internal';
  if (url.protocol !== 'https:') return { problem: 'the target is not https' };
  return url.port === '' ? 'public' : { problem: `the target’s port is ${url.port} and not 443` };
}

/** Whether a name is the metadata server's, however it is written. */
export function isMetadataServer(hostname: string): boolean {
  return METADATA_NAMES.includes(hostname.replace(/\.$/, ''));
}

export const METADATA_SERVER = { problem: 'the target is the metadata server' } as const;

const METADATA_NAMES = ['metadata.google.internal', 'metadata'];
