import { BlockList, isIPv4 } from 'node:net';
import type { Condition } from './key-states.ts';

/** The API that every Gemini key must be allowed to call. */
export const GEMINI_API = 'generativelanguage.googleapis.com';

/** What a key is limited to; empty means no limit. Google allows one of the four client kinds at a time. */
export interface KeyRestrictions {
  readonly apiTargets: readonly { readonly service: string; readonly methods?: readonly string[] }[];
  readonly allowedIps?: readonly string[];
  readonly allowedReferrers?: readonly string[];
  readonly allowedAndroidApps?: readonly { readonly packageName: string; readonly sha1Fingerprint: string }[];
  readonly allowedBundleIds?: readonly string[];
}

export const NO_RESTRICTIONS: KeyRestrictions = { apiTargets: [] };

/** What AI Studio gives the keys that it makes. */
export const GEMINI_ALONE: KeyRestrictions = { apiTargets: [{ service: GEMINI_API }] };

/** What of a request the restrictions look at. */
export interface Surroundings {
  /** Full name of the method called; without one, restrictions to methods are not looked at. */
  readonly rpc?: string;
  readonly callerIp: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The condition a restricted key is in for a caller it does not allow; `undefined` when nothing stands in the way. */
export function violationOf(restrictions: KeyRestrictions, surroundings: Surroundings): Condition | undefined {
  const { apiTargets, allowedIps, allowedReferrers, allowedAndroidApps, allowedBundleIds } = restrictions;
  const { headers } = surroundings;
  if (apiTargets.length > 0 && !apiTargets.some((target) => allows(target, surroundings.rpc))) return 'restricted_api';
  if (allowedIps !== undefined && !covers(allowedIps, surroundings.callerIp)) return 'restricted_ip';
  if (allowedReferrers !== undefined && !refers(allowedReferrers, headers['referer'])) return 'restricted_referrer';
  if (allowedAndroidApps !== undefined && !allowedAndroidApps.some((app) => isCalledBy(app, headers)))
    return 'restricted_android';
  const bundle = headers['x-ios-bundle-identifier'];
  if (allowedBundleIds !== undefined && !allowedBundleIds.some((allowed) => allowed === bundle))
    return 'restricted_ios';
  return undefined;
}

/** No methods are all methods; a wildcard may be the last character (resources.proto of the API Keys API). */
function allows({ service, methods = [] }: KeyRestrictions['apiTargets'][number], rpc: string | undefined): boolean {
  if (service !== GEMINI_API) return false;
  if (methods.length === 0 || rpc === undefined) return true;
  const short = rpc.slice(rpc.lastIndexOf('.') + 1);
  const names = [rpc, short, `${GEMINI_API}.${short}`];
  return methods.some((method) =>
    method.endsWith('*') ? names.some((name) => name.startsWith(method.slice(0, -1))) : names.includes(method),
  );
}

function isCalledBy(
  { packageName, sha1Fingerprint }: NonNullable<KeyRestrictions['allowedAndroidApps']>[number],
  headers: Surroundings['headers'],
): boolean {
  const certificate = (headers['x-android-cert'] ?? '').replaceAll(':', '').toUpperCase();
  return headers['x-android-package'] === packageName && certificate === sha1Fingerprint;
}

/** Whether one of the addresses or CIDR ranges holds the caller's; what is not an address covers nothing. */
function covers(ranges: readonly string[], ip: string): boolean {
  return ranges.some((range) => rangeOf(range)?.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6') === true);
}

/** The addresses that an address or a CIDR range stands for; `undefined` for what is neither. */
export function rangeOf(range: string): BlockList | undefined {
  const [address = '', bits, ...more] = range.split('/');
  const list = new BlockList();
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  try {
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  } catch {
    return undefined;
  }
  return list;
}

/** `*` in an allowed referrer stands for anything, as in `https://*.example.com/*`. */
function refers(allowed: readonly string[], referrer = ''): boolean {
  return allowed.some((pattern) => {
    const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${escaped.join('.*')}$`).test(referrer);
  });
}
