/** Where and how new keys are minted for a secret. */
export interface MintPolicy {
  /** Project whose API Keys API makes the keys; the secret's own when absent. */
  readonly keyProject?: string | undefined;
  /** Account a new auth key is bound to; the old key's own when absent. */
  readonly keyServiceAccount?: string | undefined;
  /** `auth`, unless Gemini is to be asked with a key of the old type. */
  readonly keyKind?: KeyKindToMint | undefined;
  /** `on`: a new auth key, which is good for Gemini alone, may take the place of one that other APIs accept too. */
  readonly dropTargets?: OnOrOff | undefined;
}

export type KeyKindToMint = 'auth' | 'standard';
export type OnOrOff = 'on' | 'off';

interface Form {
  readonly pattern: RegExp;
  /** What the pattern asks for, in words. */
  readonly form: string;
  readonly says: string;
  readonly fallback: string;
  readonly example: string;
}

/** What each field may be; the same in a setting, in the annotation and on the command line. */
export const MINT_FORMS = {
  keyProject: {
    pattern: /^([a-z][a-z0-9.:-]{2,}[a-z0-9]|\d{6,})$/,
    form: 'a project id or number',
    says: 'project whose API Keys API makes new keys',
    fallback: 'the secret’s own',
    example: 'gemini-keys-prod',
  },
  keyServiceAccount: {
    pattern: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
    form: 'the email address of a service account',
    says: 'service account that new auth keys are bound to',
    fallback: 'the old key’s own',
    example: 'gemini-app@search-prod.iam.gserviceaccount.com',
  },
  keyKind: {
    pattern: /^(auth|standard)$/,
    form: 'auth or standard',
    says: 'type of new keys; `standard` is the old type',
    fallback: 'auth',
    example: 'standard',
  },
  dropTargets: {
    pattern: /^(on|off)$/,
    form: 'on or off',
    says: 'on: new auth keys, which are good for the Gemini API alone, replace keys that other APIs accept too; off: such a rotation is held before it mints',
    fallback: 'off',
    example: 'on',
  },
} as const satisfies Record<keyof MintPolicy, Form>;

/** What is wrong with a value for a field of the mint policy, or `undefined`. */
export function mintProblem(field: keyof MintPolicy, value: unknown): string | undefined {
  const { pattern, form } = MINT_FORMS[field];
  return typeof value === 'string' && pattern.test(value)
    ? undefined
    : `${field} must be ${form}, not ${JSON.stringify(value)}`;
}

/** Fields as texts, whose forms were checked, as a policy. */
export function mintPolicyOf(texts: Partial<Record<keyof MintPolicy, string>>): MintPolicy {
  const { keyProject, keyServiceAccount, keyKind, dropTargets } = texts;
  return {
    ...(keyProject === undefined ? {} : { keyProject }),
    ...(keyServiceAccount === undefined ? {} : { keyServiceAccount }),
    ...(keyKind === undefined ? {} : { keyKind: keyKind === 'standard' ? 'standard' : 'auth' }),
    ...(dropTargets === undefined ? {} : { dropTargets: dropTargets === 'on' ? 'on' : 'off' }),
  };
}
