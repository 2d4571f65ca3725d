import { hint, type Hint, type HintInput } from './hint.ts';

/** `Unauthenticated: 401 API key invalid`, which no answer of Google's says, and its relations. */
const isHeadline = ({ cause, words }: HintInput): boolean =>
  cause === 'said_by_app' && /api[ _-]?key/.test(words) && /invalid|not valid|expired|unauth/.test(words);

const headline = (says: string): Hint => ({ when: isHeadline, says });

/** What is behind an app's “API key invalid”, a way to tell for each, and what common advice about it costs. */
export const HEADLINE: readonly Hint[] = [
  headline(
    'Google’s own text for a bad key is another one: 400 “API key not valid. Please pass a valid API key.” for keys that begin with AIza, 401 “Request had invalid authentication credentials …” for those that begin with AQ and a dot.',
  ),
  headline(
    'Mistyped, cut off, or with white space or quotes around it? key-warden’s doctor names what stands around the key; Google’s answer is the 400 above.',
  ),
  headline(
    'Deleted, expired or leaked? Google says “API Key not found”, “API key expired” or, with 403, “Your API key was reported as leaked”. A new key helps.',
  ),
  headline(
    'Not loaded, or another one? doctor compares the variables, .env files and the secret; a request without a key gets 403 “Method doesn’t allow unregistered callers”.',
  ),
  headline(
    'API not enabled? Google says 403 SERVICE_DISABLED, “Gemini API has not been used in project …”. A new key does not help.',
  ),
  headline(
    'Restricted? Google says 403 API_KEY_SERVICE_BLOCKED, API_KEY_IP_ADDRESS_BLOCKED or API_KEY_HTTP_REFERRER_BLOCKED. Change the restriction, not the key.',
  ),
  headline(
    'Billing, quota or country? Google says 402 or 429 with “prepayment credits”, “quota” or “spending cap”, or 400 “User location is not supported”. The key is good.',
  ),
  headline('Advice to append ?key= to the URL puts the key into logs: send it in the header x-goog-api-key.'),
  headline('X-API-Key is the wrong name: Google does not read it, and answers as if no key were there.'),
  headline('Regenerating a key ends the old one at once, with every consumer that has it: rotate instead.'),
  headline(
    'A service account in place of a key works on Vertex AI alone: role roles/aiplatform.user, GOOGLE_GENAI_USE_VERTEXAI=true, and a project and location: key-warden runbook without-a-key.',
  ),
  hint(/[?&]key=/, 'The key stands in a URL, and URLs land in logs: send it in the header x-goog-api-key.'),
  hint(
    /(?<![\w-])x-api-key\b/,
    'The header is called x-goog-api-key; X-API-Key is not read, and the request counts as one without a key.',
  ),
];
