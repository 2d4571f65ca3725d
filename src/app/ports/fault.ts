/**
 * What can go wrong outside, as a closed set. An adapter in `edge/` translates its product's errors into one of
 * these once; nothing further in looks at an SDK's error.
 */
export type FaultCode =
  | 'not_found' // the secret or version does not exist (or the alias is not set)
  | 'denied' // authenticated, but a permission is missing
  | 'switched_off' // the API itself is not enabled in the project
  | 'unauthenticated' // no usable credentials
  | 'stale' // the etag that was read is no longer current: somebody else wrote
  | 'disabled' // the version is there and may not be read until somebody enables it
  | 'destroyed' // the version's payload is gone for good
  | 'wrong_state' // the version's state forbids the call in some other way, such as a destruction already scheduled
  | 'exists' // create of something that is there already
  | 'invalid' // the request itself was refused: a bug or a bad setting of ours
  | 'unproven' // a name that an annotation gave, which is not proven to be this secret's (I16)
  | 'corrupt' // bytes and checksum disagree
  | 'limited' // quota or rate limit
  | 'timeout'
  | 'unavailable'; // network trouble or a 5xx

/** Outside trouble. `message` is safe to show: adapters never put payload bytes, bodies or URLs with keys into it. */
export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
  }
}

/** Whether settings or permissions end the trouble; any other leaves a question open. */
export function isBarred(fault: Fault): boolean {
  return BARRED.includes(fault.code);
}

const BARRED: readonly FaultCode[] = ['denied', 'switched_off', 'unauthenticated', 'not_found', 'invalid'];

/** Whether it says of a version that nobody can read it, however often it is asked for. */
export function isUnreadable(fault: Fault): boolean {
  return UNREADABLE.includes(fault.code);
}

const UNREADABLE: readonly FaultCode[] = ['not_found', 'disabled', 'destroyed', 'corrupt'];

/**
 * The one place where outside trouble is caught: a fault becomes a value that the caller must look at.
 * Anything else is a bug and goes on to crash.
 */
export async function attempt<Result>(work: () => Promise<Result>): Promise<Result | Fault> {
  try {
    return await work();
  } catch (trouble) {
    if (trouble instanceof Fault) return trouble;
    throw trouble;
  }
}
