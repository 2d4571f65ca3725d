import { GEMINI_API } from '../world/restrictions.ts';
import type { WireReply } from '../wire/rest/wire.ts';

/** What an error answer may name: the call, the consumer and the caller. */
export interface About {
  /** `projects/<number>`, or `projects/0` when the key is nobody's. */
  readonly consumer: string;
  readonly keyString: string;
  readonly callerIp: string;
  /** `Referer` of the request. */
  readonly referrer: string | undefined;
  /** `X-Android-Package` and `X-Ios-Bundle-Identifier` of the request. */
  readonly androidPackage: string | undefined;
  readonly iosBundleId: string | undefined;
  readonly path: string;
  /** Full RPC name, such as `google.ai.generativelanguage.v1beta.ModelService.ListModels`. */
  readonly rpc: string;
  /** Model named by the request, when it named one. */
  readonly model: string | undefined;
}

export type Detail = Readonly<Record<string, unknown>>;

/** Google's envelope for any HTTP status; 402 has no RPC status of its own, so the status is free text here. */
export function failure(code: number, status: string, message: string, details: readonly Detail[] = []): WireReply {
  const error = details.length > 0 ? { code, message, status, details } : { code, message, status };
  return { status: code, body: { error } };
}

/** The detail that names a reason. */
export function errorInfo(reason: string, metadata: Detail): Detail {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
}

function localized(message: string): Detail {
  return { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message };
}

export function help(description: string, url: string): Detail {
  return { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description, url }] };
}

/** 400 `API_KEY_INVALID`, one reason for three messages. */
export function keyInvalid(message: string): WireReply {
  const details = [errorInfo('API_KEY_INVALID', { service: GEMINI_API }), localized(message)];
  return failure(400, 'INVALID_ARGUMENT', message, details);
}

/** 403 with a reason: the key is known, something of its project or restrictions stands in the way. */
export function denied(reason: string, message: string, about: About, metadata: Detail = {}): WireReply {
  const all = { service: GEMINI_API, consumer: about.consumer, ...metadata };
  return failure(403, 'PERMISSION_DENIED', message, [errorInfo(reason, all), localized(message)]);
}

/** 401 with a reason: a credential that this method does not take, or a dead auth key. It leaves `domain` out. */
export function unauthenticated(reason: string, about: About): WireReply {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
    'authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
  const metadata = { service: GEMINI_API, method: about.rpc };
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, metadata };
  return failure(401, 'UNAUTHENTICATED', message, [info]);
}
