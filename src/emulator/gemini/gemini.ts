import type { About } from './envelope.ts';
import { REFUSALS, type RefusalRow } from './refusals.ts';
import { callOf, generates, isOpenAi, keySent, type GeminiCall } from './call.ts';
import { successOf } from './success.ts';
import { ApiError, envelopeOf } from '../wire/api-error.ts';
import type { MovableClock } from '../world/clock.ts';
import type { Request, Service } from '../wire/http.ts';
import type { Judged, Keyring } from '../world/keyring.ts';
import type { Meter } from '../world/meter.ts';
import type { WireReply } from '../wire/rest/wire.ts';

export interface GeminiParts {
  readonly clock: Pick<MovableClock, 'now'>;
  readonly keyring: Keyring;
  readonly meter: Meter;
}

/** The Gemini API: models, generating and counting, natively and through the OpenAI-compatible route. */
export function geminiApi(parts: GeminiParts): Service {
  return {
    title: 'Gemini API',
    answer(request) {
      const call = callOf(request);
      if (call === undefined) return undefined;
      const reply = replyTo(parts, call, request);
      return isOpenAi(call.kind) ? arrayWrapped(reply) : streamed(call, request, reply);
    },
  };
}

function replyTo(parts: GeminiParts, call: GeminiCall, request: Request): WireReply {
  const nobody = aboutOf(call, request, '', undefined);
  const sent = keySent(call, request, nobody);
  if (typeof sent !== 'string') return sent;
  const now = parts.clock.now();
  const judged = parts.keyring.conditionOf(sent.trim(), { ...request, rpc: call.rpc }, now);
  const refusal = refusalOf(judged, call);
  if (refusal !== undefined) return refusal.reply(aboutOf(call, request, sent, judged));
  try {
    const reply = successOf(call, request, now);
    if (judged.key !== undefined) parts.meter.use(judged.key, call.rpc, now);
    return reply;
  } catch (error) {
    if (error instanceof ApiError) return envelopeOf(error);
    throw error;
  }
}

function refusalOf(judged: Judged, call: GeminiCall): RefusalRow | undefined {
  if (judged.condition === 'works') return undefined;
  const row: RefusalRow = REFUSALS[judged.condition];
  const reach = judged.key?.reach ?? row.reach;
  return reach === 'every' || generates(call.kind) ? row : undefined;
}

function aboutOf(call: GeminiCall, request: Request, keyString: string, judged: Judged | undefined): About {
  return {
    consumer: `projects/${judged?.key?.project ?? '0'}`,
    keyString,
    callerIp: request.callerIp,
    referrer: request.headers['referer'],
    androidPackage: request.headers['x-android-package'],
    iosBundleId: request.headers['x-ios-bundle-identifier'],
    path: request.path,
    rpc: call.rpc,
    model: call.model,
  };
}

function arrayWrapped(reply: WireReply): WireReply {
  const wraps = reply.status >= 400 && typeof reply.body === 'object';
  return wraps ? { ...reply, body: [reply.body] } : reply;
}

/** Errors of a stream come as plain JSON under `text/event-stream`; without `alt=sse` they come as an array. */
function streamed(call: GeminiCall, request: Request, reply: WireReply): WireReply {
  if (call.kind !== 'stream' || reply.status < 400 || typeof reply.body !== 'object') return reply;
  return request.query.get('alt') === 'sse' ? { ...reply, contentType: 'text/event-stream' } : arrayWrapped(reply);
}
