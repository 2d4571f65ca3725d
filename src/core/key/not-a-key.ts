import { finding, type LintFinding, type NotAKeyKind } from './lint-finding.ts';

/** One thing that is stored in place of a key and is never one. `text` is bounded and has no white space around it. */
interface Row {
  readonly kind: NotAKeyKind;
  readonly when: (text: string) => boolean;
  /** After “the value is ”. */
  readonly is: string;
  readonly cure: string;
}

/** Nothing in the table is longer; what is longer is never told by its looks. */
const LONGEST = 4096;

const GO_BACK = 'go back to the version before it, or ';

/**
 * What cannot be a key, told by exact prefixes, masks and references alone: the list is closed, and every other unknown
 * shape is asked about. `undefined` for what may be a key.
 */
export function notAKey(text: string): LintFinding | undefined {
  if (text.length > LONGEST) return undefined;
  const row = TABLE.find(({ when }) => when(text));
  return row && finding(row.kind, `the value is ${row.is}`, `${row.cure}; ${GO_BACK}`);
}

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

const MASKS =
  /^(?:AIza|AQ\.)?[\w-]{0,40}(?:\*{2,}|[•●·∙▪█]{2,}|\.{2,}|…)[\w-]{0,12}$|^(?:AIza|AQ\.)[\w-]{0,40}(?:\*|…|\.{2})|^[<([]{0,2}(?:redacted|masked|hidden|censored|secret value)\b|\[redacted|\*{3}/i;

const UNEXPANDED =
  /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$\{\{.*\}\}|\{\{.*\}\}|\{\w+\}|<%.*%>|#\{.*\}|%\w+%|\$(?:env:)?[A-Za-z_]\w*)$|^(?:process\.env\b|import\.meta\.env\b|os\.environ\b|os\.getenv\(|System\.getenv\(|getenv\(|env\(|secrets\.\w+$|var\.\w+$|ENV\[)/;

const REFERENCES =
  /^(?:(?:op|sm|gsm|gcpsm|berglas|vault|bws|akv|awssm|ssm|doppler|infisical|keychain|secret|secrets|file|https?|gs|s3):\/\/|arn:aws|@Microsoft\.KeyVault\(|\/?\/?(?:secretmanager\.googleapis\.com\/)?projects\/[^\s/]+\/(?:locations\/[^\s/]+\/)?(?:secrets|keys|serviceAccounts)\b|vault:|ssm:|keyvault:|secretref:|gcp-secret|ref\+|ENC\[|\$ANSIBLE_VAULT|!(?:vault|secret|env)\b|\/(?:run|var|etc|mnt|home|secrets?|tmp)\/|valueFrom\b|secretKeyRef\b)/i;

/** Exact prefixes of other vendors’ keys and tokens, and of Google’s own that are no API keys. */
const VENDORS: readonly (readonly [prefix: RegExp, is: string])[] = [
  [/^sk-ant-/, 'a key of Anthropic'],
  [/^sk-or-/, 'a key of OpenRouter'],
  [/^sk-/, 'a key of OpenAI or of a vendor that copies its form'],
  [/^(?:sk|pk|rk)_(?:live|test)_/, 'a key of Stripe'],
  [/^gsk_/, 'a key of Groq'],
  [/^xai-/, 'a key of xAI'],
  [/^pplx-/, 'a key of Perplexity'],
  [/^hf_[A-Za-z]/, 'a token of Hugging Face'],
  [/^r8_/, 'a token of Replicate'],
  [/^nvapi-/, 'a key of NVIDIA'],
  [/^(?:ghp|gho|ghu|ghs|ghr)_|^github_pat_/, 'a token of GitHub'],
  [/^glpat-/, 'a token of GitLab'],
  [/^npm_[A-Za-z0-9]{20}/, 'a token of npm'],
  [/^xox[abeprs]-/, 'a token of Slack'],
  [/^(?:hvs|hvb|hvr)\./, 'a token of Vault'],
  [/^dp\.(?:st|pt|ct|sa)\./, 'a token of Doppler'],
  [/^(?:AKIA|ASIA)[A-Z0-9]{16}$/, 'an access key id of AWS'],
  [/^SG\.[\w-]{16}/, 'a key of SendGrid'],
  [/^whsec_/, 'the signing secret of a webhook'],
  [/^ya29\./, 'an OAuth access token, which ends within the hour'],
  [/^1\/\/0/, 'an OAuth refresh token'],
  [/^4\/0A/, 'an OAuth authorization code'],
  [/^GOCSPX-/, 'the secret of an OAuth client'],
  [/^[\w-]{6,80}\.apps\.googleusercontent\.com$/, 'the id of an OAuth client'],
  [/^[\w.+-]{1,64}@[\w.-]{1,190}\.[a-z]{2,}$/i, 'an email address, such as a service account’s'],
  [/^eyJ[\w-]{8,}\./, 'a signed token (JWT)'],
  [/^-----BEGIN /, 'a private key or a certificate'],
  [/^ssh-(?:rsa|ed25519) /, 'an SSH key'],
];

/** Letters of a key in one case alone: a key of 39 holds both, and somebody’s tool changed them. */
const ONE_CASE = /^(?:aiza[a-z0-9_-]{35}|AIZA[A-Z0-9_-]{35}|aq\.[a-z0-9_-]{40,80})$/;

const TABLE: readonly Row[] = [
  {
    kind: 'web_page',
    when: matches(/^<(?:!doctype|html|head|body|\?xml)\b/i),
    is: 'a web page',
    cure: 'something saved the page of an error in place of the key',
  },
  {
    kind: 'unexpanded',
    when: matches(UNEXPANDED),
    is: 'the name of a variable that nothing replaced by what it holds',
    cure: 'what wrote it does not expand variables (single quotes in a shell, an env file, a template that was not run)',
  },
  {
    kind: 'reference',
    when: matches(REFERENCES),
    is: 'a reference to a place where the key is, not the key',
    cure: 'store what the reference leads to, or let its own tool resolve it (op run, the app service, Terraform)',
  },
  {
    kind: 'masked',
    when: matches(MASKS),
    is: 'a masked or abridged copy of a key',
    cure: 'it was copied from a list or a log that shows keys in part: copy the whole key from AI Studio',
  },
  ...VENDORS.map(([prefix, is]): Row => ({
    kind: 'other_credential',
    when: matches(prefix),
    is: `${is}, which the Gemini API does not take as an API key`,
    cure: 'two secrets were mixed up, or a whole set of variables was copied',
  })),
  {
    kind: 'wrong_case',
    when: matches(ONE_CASE),
    is: 'a key whose letters were all put into one case, which loses the key',
    cure: 'find what changes the case of what it stores, and store the key anew',
  },
  {
    kind: 'placeholder',
    when: isPlaceholder,
    is: 'a placeholder that was never replaced',
    cure: 'put a real key in its place',
  },
];

const WHOLE_PLACEHOLDER =
  /^(?:<[^<>]*>|\[[^[\]]*\]|todo|tbd|none|null|nil|undefined|nan|n\/a|dummy|test|example|placeholder|secret|key|api[-_]?key|fixme|change[-_ ]?(?:me|it)|(?:gemini|google|genai|vertex|gcp)[\w-]{0,24}[-_](?:key|token)|(?:AIza(?:Sy)?|AQ\.)?[xX*.0]{3,})$/i;

/** One of these makes a text of nothing but `WORD`s an instruction to its reader. */
const INSTRUCTION = /your|my|insert|replace|enter|paste|put|add|change|placeholder|example|sample|dummy|fake|goes/i;
const WORD =
  /(?:placeholder|credential|authorization|insert|replace|change|example|generated|sample|enter|paste|actual|google|gemini|vertex|studio|secret|string|apikey|token|value|dummy|valid|your|fake|real|with|from|here|goes|this|that|personal|private|cloud|genai|test|demo|prod|auth|dev|put|add|use|set|get|new|own|the|key|api|and|ai|me|my|in|to|it|of|is|a)s?[-_ .:!]{0,3}/iy;

/** Words of an instruction and no other letter, such as `YOUR_ACTUAL_GEMINI_API_KEY`, also behind a key’s prefix. */
function isPlaceholder(text: string): boolean {
  if (WHOLE_PLACEHOLDER.test(text)) return true;
  const words = text.replace(/^['"<[({]+|[>\])}'"]+$/g, '').replace(/^(?:AIza(?:Sy)?|AQ\.)[-_.]?/, '');
  if (words.length > 80 || !INSTRUCTION.test(words)) return false;
  // Each word is as long as it can be and never taken back, so that no text makes this slow.
  let at = 0;
  for (let end = wordEnd(words, at); end > at; end = wordEnd(words, at)) at = end;
  return at === words.length;
}

function wordEnd(text: string, at: number): number {
  WORD.lastIndex = at;
  return WORD.test(text) ? WORD.lastIndex : at;
}
