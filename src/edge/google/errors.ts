import { Buffer } from 'node:buffer';
import { Fault, type FaultCode } from '../../app/ports/fault.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { redact } from '../../core/key/redact.ts';
import { forbidding, permissionAdvice } from './refusal-advice.ts';

/** What was asked of Google, in words for the message: what failed, and what would have to be granted. */
export interface Asked {
  /** Completes "Cannot …", such as `read projects/p/secrets/s/versions/3`. */
  readonly doing: string;
  readonly permission?: string | undefined;
  /** A predefined role that holds the permission and little more. */
  readonly role?: string | undefined;
  /** What the call needs on another resource, as a sentence. */
  readonly besides?: string | undefined;
  /** Bytes that were sent and that no message may repeat (I9). */
  readonly sent?: Uint8Array | undefined;
  /** What FAILED_PRECONDITION means here when its text does not tell; `invalid` otherwise. */
  readonly precondition?: FaultCode | undefined;
  /** What to do next after a fault, where the call knows better than the general advice. */
  readonly advice?: Readonly<Partial<Record<FaultCode, string>>> | undefined;
  /** The ways out where an organisation policy forbids it; what it is about comes from Google. */
  readonly policyAdvice?: string | undefined;
}

/** `google.rpc.Code` numbers, which both transports of the client libraries put into `code`. */
const FAULT_OF_CODE: ReadonlyMap<number, FaultCode> = new Map<number, FaultCode>([
  [3, 'invalid'],
  [4, 'timeout'],
  [5, 'not_found'],
  [6, 'exists'],
  [7, 'denied'],
  [8, 'limited'],
  [10, 'stale'],
  [11, 'invalid'],
  [12, 'invalid'],
  [15, 'corrupt'],
  [16, 'unauthenticated'],
]);
const FAILED_PRECONDITION = 9;

/**
 * Turns what a Google client library rejected with into a `Fault`. Google's own words are repeated only where Google
 * decided something: the text of other errors may quote a piece of an answer. For the same reason the cause keeps codes
 * and not the original error, which holds the request with its payload.
 */
export function faultOf(error: unknown, asked: Asked): Fault {
  const parts = partsOf(error);
  const { code, message, reason, httpStatusCode } = parts;
  const fault = faultCodeOf(parts, asked);
  const said = ownWords(fault, code === undefined ? '' : message, asked.sent);
  return new Fault(fault, `Cannot ${asked.doing}: ${said} ${adviceOn(fault, parts, asked)}`.trimEnd(), {
    cause: { rpcCode: code, httpStatus: httpStatusCode, reason },
  });
}

interface Parts {
  readonly code: number | undefined;
  readonly message: string;
  readonly reason: string | undefined;
  readonly httpStatusCode: number | undefined;
  /** What `ErrorInfo` says besides its reason. */
  readonly named: JsonRecord;
}

function partsOf(error: unknown): Parts {
  const fields = isRecord(error) ? error : {};
  const { code, message, reason, httpStatusCode, errorInfoMetadata } = fields;
  return {
    code: typeof code === 'number' ? code : undefined,
    // gRPC puts "9 FAILED_PRECONDITION: " in front of Google's message, REST does not
    message: typeof message === 'string' ? message.replace(/^\d+ [A-Z_]+: /, '') : '',
    reason: typeof reason === 'string' ? reason : undefined,
    httpStatusCode: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    named: isRecord(errorInfoMetadata) ? errorInfoMetadata : {},
  };
}

function faultCodeOf({ code, message, reason }: Parts, asked: Asked): FaultCode {
  if (credentialsFailed(message)) return 'unauthenticated';
  if (code === undefined) return 'invalid'; // the library did not get as far as asking
  // A person’s credentials without a project to charge are refused with the same reason.
  if (reason === 'SERVICE_DISABLED' && !/quota project/.test(message)) return 'switched_off';
  return code === FAILED_PRECONDITION ? preconditionOf(message, asked) : (FAULT_OF_CODE.get(code) ?? 'unavailable');
}

/** One code covers a lost etag race and a version in the wrong state; only the text tells them apart. */
function preconditionOf(message: string, { precondition = 'invalid' }: Asked): FaultCode {
  if (/etag provided in the request does not match/.test(message)) return 'stale';
  if (/is in DISABLED state/.test(message)) return 'disabled';
  if (/is in DESTROYED state|already DESTROYED/.test(message)) return 'destroyed';
  if (/is in [A-Z_]+ state|already scheduled for DESTRUCTION/.test(message)) return 'wrong_state';
  return precondition;
}

/** Without credentials the library fails before it asks, and a refused refresh token comes as a bad request. */
function credentialsFailed(message: string): boolean {
  return /default credentials|invalid_grant|invalid_rapt|metadata from plugin failed/.test(message);
}

const UNHEARD: ReadonlyMap<FaultCode, string> = new Map<FaultCode, string>([
  ['timeout', 'no answer came in time.'],
  ['unavailable', 'Google could not be reached or had an error of its own.'],
  ['unauthenticated', 'there are no usable Google credentials.'],
]);

function ownWords(fault: FaultCode, message: string, sent: Uint8Array | undefined): string {
  const unheard = UNHEARD.get(fault);
  if (unheard !== undefined) return unheard;
  if (message === '' || /could not be decoded/.test(message)) return 'no reason was given.';
  return repeats(message, sent)
    ? 'Google answered with a message that repeats what was sent.'
    : `Google says "${redact(message)}"`;
}

function repeats(message: string, sent: Uint8Array | undefined): boolean {
  if (sent === undefined) return false;
  const bytes = Buffer.from(sent);
  return [bytes.toString('utf8').trim(), bytes.toString('base64').replace(/=+$/, '')].some((text) =>
    message.includes(text),
  );
}

function adviceOn(fault: FaultCode, { reason, message, named }: Parts, asked: Asked): string {
  const policy = forbidding(reason, message, named);
  if (policy !== undefined) return [policy, asked.policyAdvice ?? ''].join(' ').trimEnd();
  const grant = fault === 'denied' ? permissionAdvice(named, asked) : undefined;
  return asked.advice?.[fault] ?? grant ?? ADVICE.get(fault) ?? '';
}

const ADVICE: ReadonlyMap<FaultCode, string> = new Map<FaultCode, string>([
  ['not_found', 'Check the name, the project and the location.'],
  ['switched_off', 'Enable the API in that project, then wait a few minutes.'],
  ['unauthenticated', 'Run `gcloud auth application-default login`, or attach a service account to the function.'],
  ['stale', 'Somebody else wrote meanwhile; read again and decide again.'],
  ['disabled', 'Enable the version, or use another one.'],
  ['destroyed', 'Its payload is gone for good; use another version.'],
  ['limited', 'A quota is used up; it is counted per project and minute.'],
  ['unavailable', 'Try again; if it goes on, see https://status.cloud.google.com.'],
]);
