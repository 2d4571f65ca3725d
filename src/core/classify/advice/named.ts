import type { Cause } from '../../causes/causes.ts';
import { hint, STORE_NAMED, type Hint, type HintInput } from './hint.ts';

const GEMINI_API = 'generativelanguage.googleapis.com';
/** Hosts that an answer names beside the API in question. */
const NO_API = [
  'console.developers.googleapis.com',
  'type.googleapis.com',
  'www.googleapis.com',
  'oauth2.googleapis.com',
];
/** Of Google’s own tools and pages; an answer that names it speaks of a client that brought it along. */
const GOOGLES_PROJECT = '687891839131';

const ABOUT_AN_API: readonly Cause[] = [
  'api_blocked',
  'service_disabled',
  'wrong_transport',
  'key_invalid',
  'key_expired',
];
const REFUSED_STANDARD: readonly Cause[] = ['api_blocked', 'auth_key_refused', 'key_invalid', 'permission_denied'];

/** What the answer itself names: an API, a project, the key’s kind. */
export const NAMED: readonly Hint[] = [
  {
    when: (input) => ABOUT_AN_API.includes(input.cause) && otherApiIn(input) !== undefined,
    says: (input) =>
      `The answer names ${otherApiIn(input)}, which is not the Gemini API (${GEMINI_API}): call that one, or allow and enable the API that is named.`,
  },
  {
    when: ({ words }) => words.includes(GOOGLES_PROJECT),
    says: `Project ${GOOGLES_PROJECT} is not yours but Google’s own: the request carried no key or project of yours, so nothing that you enable there would help.`,
  },
  {
    when: (input) => projectIn(input) !== undefined && !STORE_NAMED.test(input.words),
    says: (input) =>
      `The answer names project ${projectIn(input)}: if that is not the project of your key (https://aistudio.google.com/app/apikey shows it), another key was sent.`,
  },
  {
    when: ({ cause, keyKind, words }) =>
      REFUSED_STANDARD.includes(cause) && (keyKind === 'standard' || /\baiza/.test(words)),
    says: 'Shortest cure first, for a key that begins with AIza: unrestricted ones are refused since 2026-06-19. See which APIs the key is restricted to; if there is no list, restrict it to the Gemini API and wait some minutes. A list that is there is replaced as a whole, so name all of it.',
  },
  {
    when: ({ cause }) => cause === 'prepay_depleted',
    says: 'Funded accounts were told this too: see which billing account the key’s project is linked to, since the money may lie in another; then whether the payment went through. It ends when the linked account has credit, some minutes later.',
  },
  hint(
    STORE_NAMED,
    'This is Secret Manager, not the Gemini API: nothing is said about the key, and the project that is meant is the secret’s.',
    ['store_disabled', 'access_denied', 'no_credentials', 'store_unavailable', 'billing_disabled', 'consumer_invalid'],
  ),
  hint(
    /vpc ?service ?controls|security_policy_violated|request is prohibited by organi[sz]ation's polic/,
    'A perimeter of VPC Service Controls refuses the caller, whatever it was granted and whatever the key: whoever administers the perimeter can let it in, by the identifier that the answer names.',
    ['access_denied', 'permission_denied'],
  ),
  hint(
    /access_token_scope_insufficient|insufficient authentication scopes/,
    'The machine’s token is narrower than its account: give the virtual machine or node pool the scope cloud-platform. A grant changes nothing.',
    ['access_denied'],
  ),
  hint(
    /requires a quota project|end[- ]user credentials/,
    'These are a person’s credentials without a project to charge: gcloud auth application-default set-quota-project PROJECT_ID',
    ['no_credentials'],
  ),
];

function otherApiIn({ words }: HintInput): string | undefined {
  const named: readonly string[] = words.match(/\b[a-z][\w-]{2,40}\.googleapis\.com/g) ?? [];
  return named.includes(GEMINI_API) ? undefined : named.find((api) => !NO_API.includes(api));
}

/** By number or id, as Google writes it: `projects/123`, `project 123`, `project=my-project`. */
function projectIn({ words }: HintInput): string | undefined {
  const found = /\bprojects?(?:\/|=| |: ?| #|\s?')([a-z0-9][a-z0-9-]{4,29})\b/.exec(words)?.[1];
  return found === undefined || !/\d/.test(found) || found === GOOGLES_PROJECT ? undefined : found;
}
