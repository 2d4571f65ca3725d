/** `google.rpc.Code`: its number, and the HTTP status Google's REST front end gives it (google/rpc/code.proto). */
const RPC = {
  CANCELLED: [1, 499],
  UNKNOWN: [2, 500],
  INVALID_ARGUMENT: [3, 400],
  DEADLINE_EXCEEDED: [4, 504],
  NOT_FOUND: [5, 404],
  ALREADY_EXISTS: [6, 409],
  PERMISSION_DENIED: [7, 403],
  RESOURCE_EXHAUSTED: [8, 429],
  FAILED_PRECONDITION: [9, 400],
  ABORTED: [10, 409],
  OUT_OF_RANGE: [11, 400],
  UNIMPLEMENTED: [12, 501],
  INTERNAL: [13, 500],
  UNAVAILABLE: [14, 503],
  DATA_LOSS: [15, 500],
  UNAUTHENTICATED: [16, 401],
} as const;

/** Codes of the Interactions API, which stand where other Gemini methods give a number (its documented list). */
const INTERACTIONS = {
  INVALID_REQUEST: 400,
  AUTHENTICATION: 401,
  PAYMENT_REQUIRED: 402,
  MODEL_NOT_FOUND: 404,
  RATE_LIMIT_EXCEEDED: 429,
  QUOTA_EXCEEDED: 429,
} as const;

const BY_WORD = new Map<string, number>([
  ...Object.entries(RPC).map(([word, [, http]]) => [flat(word), http] as const),
  ...Object.entries(INTERACTIONS).map(([word, http]) => [flat(word), http] as const),
]);
const BY_NUMBER = new Map<number, number>(Object.values(RPC));

/** HTTP status of a status word or string code in any spelling (`PERMISSION_DENIED`, `PermissionDenied`). */
export function httpOfWord(word: string): number | undefined {
  return BY_WORD.get(flat(word));
}

/** HTTP status of a numeric code, which is one already or a gRPC number. */
export function httpOfNumber(code: number): number | undefined {
  return code >= 100 && code <= 599 ? code : BY_NUMBER.get(code);
}

function flat(word: string): string {
  return word.replaceAll('_', '').toUpperCase();
}
