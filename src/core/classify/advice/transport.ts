import type { Cause } from '../../causes/causes.ts';
import { hint, STORE_NAMED, type Hint } from './hint.ts';

const MISSENT: readonly Cause[] = ['wrong_transport', 'credential_unclear', 'auth_key_refused', 'api_blocked'];
const NO_KEY_REACHED =
  /default credentials|(?:load|find|determine) .{0,30}credentials|credentials_missing|invalid_grant/;

/** The ways in which a good key goes astray, and what to look at to tell which it was. */
export const TRANSPORT: readonly Hint[] = [
  {
    when: ({ cause }) => cause === 'credential_unclear',
    says: 'To tell the two apart: look at the request for an Authorization header (a key as Bearer: the key may be good), or ask with the key alone in x-goog-api-key (a refused auth key gets the same 401 there).',
  },
  {
    when: ({ cause, sentAs, words }) =>
      cause === 'wrong_transport' &&
      (sentAs === 'bearer' || /api_key_service_blocked|missing or invalid authorization|\bbearer\b/.test(words)),
    says: 'Sent as Authorization: Bearer: the native API takes a key in x-goog-api-key alone, the route /v1beta/openai/ takes it as Bearer alone.',
  },
  hint(
    /aiplatform\.googleapis|firebasevertexai|\bvertex|api keys are not supported by this api|genai_use_(?:vertexai|enterprise)/,
    'The request went to Vertex AI or to another host that takes no such key. Look for GOOGLE_GENAI_USE_VERTEXAI=true, vertexai=True, or a project and location given to the client: unset them, or stay there with a service account that has roles/aiplatform.user.',
    [...MISSENT, 'permission_denied', 'unknown'],
  ),
  {
    when: ({ cause, words }) =>
      [...MISSENT, 'no_credentials'].includes(cause) && NO_KEY_REACHED.test(words) && !STORE_NAMED.test(words),
    says: 'If this came from a Gemini library, no key reached it, so it fell back to Google’s default credentials: set GEMINI_API_KEY where the process starts, or give the key to the client.',
  },
  hint(
    /openai\.com|incorrect api key provided|anthropic\.com|openrouter\.ai|api\.mistral|api\.deepseek|api\.x\.ai|api\.groq/,
    'Another vendor’s endpoint answered: set the base URL to https://generativelanguage.googleapis.com/v1beta/openai/ for libraries of OpenAI’s form.',
  ),
  hint(
    /litellm|one-?api|new-?api|\bnginx\b|cloudflare|\bgateway\b|\bproxy\b|\benvoy\b/,
    'A proxy stands in between. It may hold a key of its own, drop headers, or answer in its own words: ask Google from the same machine without it.',
  ),
  hint(
    /multiple authentication credentials|different projects/,
    'Two credentials were sent. Take one away: the Authorization header that a library adds, or the key.',
  ),
];
