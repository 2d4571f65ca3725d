import type { KeyKind } from '../key/key-text.ts';

/** Where and how new keys are minted for a secret, and where they go in what it stores. */
export interface MintPolicy {
  /** Project whose API Keys API makes the keys; the secret's own when absent. */
  readonly keyProject?: string | undefined;
  /** Account a new auth key is bound to; the old key's own when absent. */
  readonly keyServiceAccount?: string | undefined;
  /** `auth`, unless Gemini is to be asked with a key of the old type. */
  readonly keyKind?: KeyKindToMint | undefined;
  /** `on`: a new auth key, which is good for Gemini alone, may take the place of one that other APIs accept too. */
  readonly dropTargets?: OnOrOff | undefined;
  /** The field of the stored value that holds the key, where several do: a JSON pointer, or the name of a variable. */
  readonly keyField?: string | undefined;
  /** Names of annotations of the old key that its successor gets, separated by commas; what they mean is their writers' business. */
  readonly carryAnnotations?: string | undefined;
}

/** The types of keys that can be made. */
export const MINTED_KEY_KINDS = ['auth', 'standard'] as const;
export type KeyKindToMint = (typeof MINTED_KEY_KINDS)[number];

/** A switch that people set in words. */
export const ON_OR_OFF = ['on', 'off'] as const;
export type OnOrOff = (typeof ON_OR_OFF)[number];

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
    pattern: new RegExp(`^(${MINTED_KEY_KINDS.join('|')})$`),
    form: MINTED_KEY_KINDS.join(' or '),
    says: 'type of new keys; `standard` is the old type',
    fallback: 'auth',
    example: 'standard',
  },
  dropTargets: {
    pattern: new RegExp(`^(${ON_OR_OFF.join('|')})$`),
    form: ON_OR_OFF.join(' or '),
    says: 'on: new auth keys, which are good for the Gemini API alone, replace keys that other APIs accept too; off: such a rotation is held before it mints',
    fallback: 'off',
    example: 'on',
  },
  keyField: {
    pattern: /^(?:\/[^\p{Cc}]{1,199}|[A-Za-z_][\w.-]{0,199})$/u,
    form: 'a JSON pointer such as /gemini/apiKey or the name of a variable',
    says: 'field of the stored value that holds the key, where several fields hold one',
    fallback: 'the one that there is',
    example: '/GEMINI_API_KEY',
  },
  carryAnnotations: {
    pattern: /^[A-Za-z0-9][\w./-]{0,62}(?:,[A-Za-z0-9][\w./-]{0,62}){0,4}$/,
    form: 'up to five names of annotations of a key, separated by commas',
    says: 'annotations of the old key that a new one gets as well',
    fallback: 'none',
    example: 'example.com/owner,cost-centre',
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
export function mintPolicyOf(texts: Partial<Record<keyof MintPolicy, string | undefined>>): MintPolicy {
  const { keyProject, keyServiceAccount, keyField, carryAnnotations } = texts;
  const keyKind = MINTED_KEY_KINDS.find((kind) => kind === texts.keyKind);
  const dropTargets = ON_OR_OFF.find((word) => word === texts.dropTargets);
  return {
    ...(keyProject === undefined ? {} : { keyProject }),
    ...(keyServiceAccount === undefined ? {} : { keyServiceAccount }),
    ...(keyKind === undefined ? {} : { keyKind }),
    ...(dropTargets === undefined ? {} : { dropTargets }),
    ...(keyField === undefined ? {} : { keyField }),
    ...(carryAnnotations === undefined ? {} : { carryAnnotations }),
  };
}

/**
 * Whether a key that is asked for cannot be made, as far as that is known without its issuer: an auth key is bound to an account,
 * a standard key has none that its successor could take over, and neither has what is no key at all.
 */
export function lacksAccount({ keyKind, keyServiceAccount }: MintPolicy, replaced: KeyKind | undefined): boolean {
  return keyKind !== 'standard' && keyServiceAccount === undefined && (replaced ?? 'standard') === 'standard';
}
