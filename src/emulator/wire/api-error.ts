/** `google.rpc.Code` names with the HTTP status Google's REST front end maps each to. */
export const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type RpcStatus = keyof typeof HTTP_STATUS;

/** Thrown by a pretend service, turned into Google's error envelope by the front end. */
export class ApiError extends Error {
  readonly status: RpcStatus;
  readonly details: readonly unknown[];

  constructor(status: RpcStatus, message: string, details: readonly unknown[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.details = details;
  }
}

/** `{"error":{"code","message","status","details"}}`, the REST envelope of every Google API. */
export function envelopeOf(error: ApiError): { readonly status: number; readonly body: unknown } {
  const code = HTTP_STATUS[error.status];
  const details = error.details.length > 0 ? { details: error.details } : {};
  return { status: code, body: { error: { code, message: error.message, status: error.status, ...details } } };
}
