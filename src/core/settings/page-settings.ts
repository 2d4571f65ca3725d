/** Who may look at the page of a deployment, besides what IAP itself lets through. */
export type ViewerRule =
  | {
      readonly verify: true;
      /** The protected resource, as IAP signs it. */
      readonly audience: string;
      /** Emails, and domains such as `@example.com`; whoever IAP lets in where there are none. */
      readonly viewers: readonly string[];
    }
  | { readonly verify: false };

/** The settings of the page; docs/reference/settings.md is printed from here. */
export const PAGE_SETTINGS = {
  KEY_WARDEN_IAP_AUDIENCE: {
    says: 'read by `statusPage`: audience that IAP signs, which is the Cloud Run service, or the backend service of a load balancer',
    fallback: 'none: required for `statusPage`',
    example: '/projects/123456789012/locations/europe-west1/services/key-warden-status-page',
  },
  KEY_WARDEN_VIEWERS: {
    says: 'read by `statusPage`: those of whom IAP lets in that may look, emails and domains, separated by commas',
    fallback: 'none: whoever IAP lets in',
    example: 'jane@example.com,@search.example.com',
  },
} as const;

const AUDIENCE = /^\/projects\/\d+\/(?:global\/backendServices\/\d+|locations\/[a-z0-9-]+\/services\/[a-z0-9-]+)$/;
const VIEWER = /^[^@\s]*@[^@\s]+$/;

/** Reads who may look. `KEY_WARDEN_VERIFY_CALLERS=off` opens the page too, as it opens every function. */
export function readViewerRule(given: (name: string) => string | undefined, problems: string[]): ViewerRule {
  if (given('KEY_WARDEN_VERIFY_CALLERS') === 'off') return { verify: false };
  const audience = given('KEY_WARDEN_IAP_AUDIENCE') ?? '';
  if (!AUDIENCE.test(audience))
    problems.push(
      `KEY_WARDEN_IAP_AUDIENCE must be the resource that IAP protects, such as ${PAGE_SETTINGS.KEY_WARDEN_IAP_AUDIENCE.example}, or /projects/NUMBER/global/backendServices/ID behind a load balancer`,
    );
  const viewers = (given('KEY_WARDEN_VIEWERS') ?? '').split(',').map((one) => one.trim().toLowerCase());
  const named = viewers.filter((one) => one !== '');
  for (const one of named)
    if (!VIEWER.test(one))
      problems.push(
        `KEY_WARDEN_VIEWERS holds ${JSON.stringify(one)}, which is neither an email nor a domain such as @example.com`,
      );
  return { verify: true, audience, viewers: named };
}
