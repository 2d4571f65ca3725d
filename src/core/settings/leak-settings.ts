import { LEAK_SOURCES, type LeakSource } from '../alerts/leak-report.ts';
import { parseSecretName } from '../google/resource-names.ts';

/** Full names of the secrets that senders of leak reports sign with; who has none is not heard. */
export type LeakSigning = { readonly [Source in LeakSource]?: string };

/** Row of the table of settings. */
export const LEAK_SETTINGS = {
  KEY_WARDEN_LEAK_SIGNING: {
    says: 'read by `leakReports`: who may report leaked keys (`github`, `gitguardian`, `webhook`), each with the secret that it signs with, separated by commas',
    fallback: 'none: required for `leakReports`',
    example: 'github=projects/ops-prod/secrets/github-leaks,webhook=projects/ops-prod/secrets/own-leaks',
  },
  KEY_WARDEN_LEAK_CALLERS: {
    says: 'read by `rotate`: service accounts that may begin there the emergencies of leak reports (`KEY_WARDEN_LEAK_EMERGENCIES`), separated by commas; who is in no other list may do nothing else',
    fallback: 'none: nobody may',
    example: 'key-warden-finder@ops-prod.iam.gserviceaccount.com',
  },
} as const;

const FORM = `${LEAK_SOURCES.join(', ')}, each with = and the full name of a secret, projects/PROJECT/secrets/ID`;

/** Reads the setting above, adding to `problems`. */
export function readLeakSigning(
  given: (name: string) => string | undefined,
  needed: boolean,
  problems: string[],
): LeakSigning {
  const text = given('KEY_WARDEN_LEAK_SIGNING');
  if (text === undefined) {
    if (needed) problems.push('KEY_WARDEN_LEAK_SIGNING is not set: no leak report could be believed without it');
    return {};
  }
  const pairs = text.split(',').map((one) => one.trim().split('='));
  const known = pairs.flatMap(([who, secret = '', ...more]) => {
    const source = LEAK_SOURCES.find((one) => one === who);
    return source === undefined || more.length > 0 || parseSecretName(secret) === undefined
      ? []
      : [[source, secret] as const];
  });
  if (known.length < pairs.length || new Set(known.map(([source]) => source)).size < known.length) {
    problems.push(`KEY_WARDEN_LEAK_SIGNING must be ${FORM}, not ${JSON.stringify(text)}`);
    return {};
  }
  return Object.fromEntries(known);
}
