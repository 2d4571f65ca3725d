/** Behaviours that no source settles, or that differ from organisation to organisation; a test picks one. */
export interface ApiKeysSwitches {
  /** How long an operation is not done. */
  readonly operationMs: number;
  /** Whether CreateKey takes a Gemini target without a service account; the console refuses it since mid-2026. */
  readonly unboundGeminiKeys: 'accepted' | 'refused';
  /** Whether CreateKey takes a key without any API target; outside of organisations it does not (discuss.ai.google.dev 174585). */
  readonly unrestrictedKeys: 'accepted' | 'refused';
  /** What a bound key that names no API target is given: nothing, or the Gemini API as AI Studio does. */
  readonly boundKeyDefault: 'none' | 'gemini';
  /**
   * What the managed constraint on bound keys says where nobody enforced or lifted it: `geminiOnly` in an organisation
   * with Google's defaults, `allowed` elsewhere.
   */
  readonly boundKeys: 'allowed' | 'geminiOnly';
  /** Which calls on a bound key ask for the binding permission on its account; that of CreateKey alone is settled. */
  readonly bindingAsked: 'create' | 'always';
  /**
   * How the Gemini API takes a standard key without an API target. It refuses them since 2026-06-19; with which of the
   * three answers is not settled.
   */
  readonly unrestrictedStandardKeys: 'works' | 'auth_refused' | 'restricted_api' | 'invalid';
  /** Whether soft-deleted keys count towards the 300 of a project. */
  readonly deletedKeysCount: boolean;
  /** AIP-154 prescribes ABORTED; production was not seen. */
  readonly etagMismatch: 'ABORTED' | 'FAILED_PRECONDITION';
}

export const API_KEYS_DEFAULTS: ApiKeysSwitches = {
  operationMs: 0,
  unboundGeminiKeys: 'accepted',
  unrestrictedKeys: 'accepted',
  boundKeyDefault: 'none',
  boundKeys: 'geminiOnly',
  bindingAsked: 'create',
  unrestrictedStandardKeys: 'restricted_api',
  deletedKeysCount: true,
  etagMismatch: 'ABORTED',
};

/** The switches as they stand, and how a test turns them. */
export interface SwitchBoard {
  now(): ApiKeysSwitches;
  turn(change: Partial<ApiKeysSwitches>): void;
}

export function switchBoard(start: ApiKeysSwitches): SwitchBoard {
  let switches = start;
  return {
    now: () => switches,
    turn(change) {
      switches = { ...switches, ...change };
    },
  };
}
