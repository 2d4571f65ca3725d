/** Where a text holds something shaped like a credential; never the thing itself. */
export interface SecretFound {
  readonly line: number;
  readonly kind: string;
}

/**
 * Scanners that are for everything know neither kind of Gemini key, or the old one only, so these are our own. Lengths
 * are lower bounds: a fixture is put together from parts and never matches.
 */
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['standard API key', /AIza[\w-]{35}/],
  ['authorization API key', /\bAQ\.[\w-]{30,}/],
  ['OAuth access token', /ya29\.[\w-]{20,}/],
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['Slack webhook', /hooks\.slack\.com\/services\/T\w{8,}\/B\w{8,}\/\w{20,}/],
  ['Slack token', /xox[abeoprs]-\d{9,}-[\w-]{10,}/],
  ['webhook signing secret', /whsec_[\w+/]{32,}/],
  ['GitHub token', /\b(?:gh[oprsu]_\w{36}|github_pat_\w{22,})/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}/],
];

/** Every line of a text that holds one, with what it looks like. */
export function secretsIn(text: string): readonly SecretFound[] {
  return text
    .split('\n')
    .flatMap((content, at) =>
      SHAPES.filter(([, shape]) => shape.test(content)).map(([kind]) => ({ line: at + 1, kind })),
    );
}
