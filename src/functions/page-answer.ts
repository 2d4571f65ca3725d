import { contentPolicy } from '../app/page/content-policy.ts';
import { refusalPage } from '../app/page/refusal.ts';
import { IAP_HEADER } from '../edge/process/viewers.ts';
import type { Entrance } from './front-door.ts';

/** What a browser is told of the page besides its text: run nothing, keep nothing, show it in no frame, and say nobody where a link was. */
export function pageHeaders(): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${contentPolicy()}; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** Browsers bring IAP's word of who they are, and a person who is not let in reads why. */
export function pageEntrance(): Entrance {
  return {
    takes: 'calls',
    methods: ['GET'],
    proof: IAP_HEADER,
    refusal: ({ status, why }) => ({ headers: pageHeaders(), body: refusalPage(status, why) }),
  };
}
