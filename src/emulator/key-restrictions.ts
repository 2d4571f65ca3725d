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

/** What of a request the restrictions look at. */
export interface Surroundings {
  readonly callerIp: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The condition a restricted key is in for a caller it does not allow; `undefined` when nothing stands in the way. */
export function violationOf(restrictions: KeyRestrictions, surroundings: Surroundings): Condition | undefined {
  const { apiTargets, allowedIps, allowedReferrers, allowedAndroidApps, allowedBundleIds } = restrictions;
  const { headers } = surroundings;
  if (apiTargets.length > 0 && !apiTargets.some(({ service }) => service === GEMINI_API)) return 'restricted_api';
  if (allowedIps !== undefined && !covers(allowedIps, surroundings.callerIp)) return 'restricted_ip';
  if (allowedReferrers !== undefined && !refers(allowedReferrers, headers['referer'])) return 'restricted_referrer';
  const app = headers['x-android-package'];
  if (allowedAndroidApps !== undefined && !allowedAndroidApps.some(({ packageName }) => packageName === app)) {
    return 'restricted_android';
  }
  const bundle = headers['x-ios-bundle-identifier'];
  if (allowedBundleIds !== undefined && !allowedBundleIds.some((allowed) => allowed === bundle))
    return 'restricted_ios';
  return undefined;
}

/** Whether one of the addresses or CIDR ranges holds the caller's; what is not an address covers nothing. */
function covers(ranges: readonly string[], ip: string): boolean {
  return ranges.some((range) => {
    const [address = '', bits] = range.split('/');
    const list = new BlockList();
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch {
      return false;
    }
    return list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
  });
}

/** `*` in an allowed referrer stands for anything, as in `https://*.example.com/*`. */
function refers(allowed: readonly string[], referrer = ''): boolean {
  return allowed.some((pattern) => {
    const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${escaped.join('.*')}$`).test(referrer);
  });
}
