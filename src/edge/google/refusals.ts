import { isRecord } from '../../core/values/json.ts';

/** The part of a refusal that `faultOf` reads, in the form in which the client libraries reject. */
export interface Refusal {
  /** A `google.rpc.Code`. */
  readonly code: number;
  readonly message: unknown;
  readonly reason: unknown;
  /** What `ErrorInfo` says besides its reason, under the libraries' name for it. */
  readonly errorInfoMetadata: unknown;
  readonly httpStatusCode: number | undefined;
}

const UNKNOWN = 2;
export const DEADLINE_EXCEEDED = 4;
export const UNAVAILABLE = 14;
export const UNAUTHENTICATED = 16;

/** The statuses that decide something. */
const CODES: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['INVALID_ARGUMENT', 3],
  ['DEADLINE_EXCEEDED', DEADLINE_EXCEEDED],
  ['NOT_FOUND', 5],
  ['ALREADY_EXISTS', 6],
  ['PERMISSION_DENIED', 7],
  ['RESOURCE_EXHAUSTED', 8],
  ['FAILED_PRECONDITION', 9],
  ['ABORTED', 10],
  ['OUT_OF_RANGE', 11],
  ['UNIMPLEMENTED', 12],
  ['DATA_LOSS', 15],
  ['UNAUTHENTICATED', UNAUTHENTICATED],
]);

/**
 * Reads the `error` of a REST answer, which has a status by name, or of a failed operation, which has a code by number.
 * Whatever decides nothing, such as a proxy's page with status 404, counts as UNKNOWN.
 */
export function refusalOf(error: unknown, httpStatusCode?: number): Refusal {
  const { code, status, message, details } = isRecord(error) ? error : {};
  const byNumber = httpStatusCode === undefined && typeof code === 'number' ? code : UNKNOWN;
  return { code: CODES.get(status) ?? byNumber, message, ...reasonIn(details), httpStatusCode };
}

/** `google.rpc.ErrorInfo` is the only detail with a `reason`. */
function reasonIn(details: unknown): Pick<Refusal, 'reason' | 'errorInfoMetadata'> {
  const info = [details]
    .flat()
    .filter(isRecord)
    .find(({ reason }) => reason !== undefined);
  return { reason: info?.['reason'], errorInfoMetadata: info?.['metadata'] };
}
