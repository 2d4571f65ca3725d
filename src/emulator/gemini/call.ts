import { failure, unauthenticated, type About } from './envelope.ts';
import type { Request } from '../wire/http.ts';
import { keyKindOf } from '../../core/key/key-text.ts';
import type { WireReply } from '../wire/rest/wire.ts';

export type CallKind = 'list' | 'get' | 'generate' | 'stream' | 'count' | 'openaiList' | 'openaiChat';

/** A request to the Gemini API, recognised by its path. */
export interface GeminiCall {
  readonly kind: CallKind;
  readonly apiVersion: string;
  /** Model id without `models/`, where the path names one. */
  readonly model: string | undefined;
  readonly rpc: string;
}

const NATIVE = /^\/(v1|v1beta)\/models(?:\/([^/:]+))?(?::(\w+))?$/;
const OPENAI = /^\/v1beta\/openai\/(models|chat\/completions)$/;

const CUSTOM: ReadonlyMap<string, readonly [CallKind, string]> = new Map([
  ['generateContent', ['generate', 'GenerativeService.GenerateContent']],
  ['streamGenerateContent', ['stream', 'GenerativeService.StreamGenerateContent']],
  ['countTokens', ['count', 'GenerativeService.CountTokens']],
]);

/** The call, or `undefined` for a path or method that this API does not have. */
export function callOf(request: Request): GeminiCall | undefined {
  const openai = OPENAI.exec(request.path)?.[1];
  if (openai !== undefined && request.method === (openai === 'models' ? 'GET' : 'POST')) {
    const [kind, rpc]: readonly [CallKind, string] =
      openai === 'models' ? ['openaiList', 'ModelService.ListModels'] : ['openaiChat', 'ChatService.ChatCompletions'];
    return { kind, apiVersion: 'v1beta', model: undefined, rpc: named('v1beta', rpc) };
  }
  const [found, apiVersion = '', model, custom] = NATIVE.exec(request.path) ?? [];
  if (found === undefined) return undefined;
  const verb = `${request.method} ${model === undefined ? 'models' : 'model'}`;
  const [kind, rpc] = methodOf(verb, custom) ?? [];
  return kind === undefined || rpc === undefined ? undefined : { kind, apiVersion, model, rpc: named(apiVersion, rpc) };
}

function methodOf(verb: string, custom: string | undefined): readonly [CallKind, string] | undefined {
  if (custom !== undefined) return verb === 'POST model' ? CUSTOM.get(custom) : undefined;
  if (verb === 'GET models') return ['list', 'ModelService.ListModels'];
  if (verb === 'GET model') return ['get', 'ModelService.GetModel'];
  return undefined;
}

function named(apiVersion: string, rpc: string): string {
  return `google.ai.generativelanguage.${apiVersion}.${rpc}`;
}

/** Whether a state that spoils only generating spoils this call. */
export function generates(kind: CallKind): boolean {
  return kind === 'generate' || kind === 'stream' || kind === 'openaiChat';
}

/** The OpenAI-compatible route wraps every error in an array. */
export function isOpenAi(kind: CallKind): boolean {
  return kind === 'openaiList' || kind === 'openaiChat';
}

const TWO = 'Multiple authentication credentials received. Please pass only one.';
const UNREGISTERED =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form " +
  'of API consumer identity to call this API.';

/** The key a request carries where this route takes one, or the refusal that comes before any key is looked at. */
export function keySent(call: GeminiCall, request: Request, about: About): string | WireReply {
  const bearer = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const key = request.headers['x-goog-api-key'] ?? request.query.get('key') ?? undefined;
  if (bearer !== undefined && key !== undefined) return failure(400, 'INVALID_ARGUMENT', TWO);
  if (isOpenAi(call.kind)) {
    return bearer ?? failure(400, 'INVALID_ARGUMENT', 'Missing or invalid Authorization header.');
  }
  if (bearer !== undefined) {
    const reason = keyKindOf(bearer) === 'auth' ? 'API_KEY_SERVICE_BLOCKED' : 'ACCESS_TOKEN_TYPE_UNSUPPORTED';
    return unauthenticated(reason, about);
  }
  return key === undefined || key === '' ? failure(403, 'PERMISSION_DENIED', UNREGISTERED) : key;
}
