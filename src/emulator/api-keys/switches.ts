/** Behaviours that no source settles; a test picks one. */
export interface ApiKeysSwitches {
  /** How long an operation is not done. */
  readonly operationMs: number;
  /** Whether CreateKey takes a Gemini target without a service account; the console refuses it since mid-2026. */
  readonly unboundGeminiKeys: 'accepted' | 'refused';
  /** Whether soft-deleted keys count towards the 300 of a project. */
  readonly deletedKeysCount: boolean;
  /** AIP-154 prescribes ABORTED; production was not seen. */
  readonly etagMismatch: 'ABORTED' | 'FAILED_PRECONDITION';
}

export const API_KEYS_DEFAULTS: ApiKeysSwitches = {
  operationMs: 0,
  unboundGeminiKeys: 'accepted',
  deletedKeysCount: true,
  etagMismatch: 'ABORTED',
};
