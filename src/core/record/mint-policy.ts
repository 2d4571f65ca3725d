/** Where and how new keys are minted for a secret. */
export interface MintPolicy {
  /** Project whose API Keys API makes the keys; the secret's own when absent. */
  readonly keyProject?: string | undefined;
  /** Account a new auth key is bound to; the old key's own when absent. */
  readonly keyServiceAccount?: string | undefined;
  /** `auth`, unless Gemini is to be asked with a key of the old type. */
  readonly keyKind?: KeyKindToMint | undefined;
}

export type KeyKindToMint = 'auth' | 'standard';

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
} as const satisfies Record<keyof MintPolicy, Form>;

/** What is wrong with a value for a field of the mint policy, or `undefined`. */
export function mintProblem(field: keyof MintPolicy, value: unknown): string | undefined {
  const { pattern, form } = MINT_FORMS[field];
  return typeof value === 'string' && pattern.test(value)
    ? undefined
    : `${field} must be ${form}, not ${JSON.stringify(value)}`;
}

/** Fields as texts, whose forms were checked, as a policy. */
export function mintPolicyOf({ keyProject, keyServiceAccount, keyKind }: Partial<Record<keyof MintPolicy, string>>) {
  return {
    ...(keyProject === undefined ? {} : { keyProject }),
    ...(keyServiceAccount === undefined ? {} : { keyServiceAccount }),
    ...(keyKind === undefined ? {} : { keyKind: keyKind === 'standard' ? ('standard' as const) : ('auth' as const) }),
  } satisfies MintPolicy;
}
