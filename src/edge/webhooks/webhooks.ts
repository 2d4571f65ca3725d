import { request } from 'undici';
import type { Receipt } from '../../app/ports/notify-ports.ts';
import type { Clock } from '../../app/ports/ports.ts';
import type { Outgoing } from '../../core/alerts/channels/outgoing.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { plusMs, type Instant } from '../../core/values/time.ts';
import { guardedDispatcher, isTargetRefused, type Resolve } from './guarded-dispatcher.ts';
import { networkTroubleOf } from '../http/network-trouble.ts';
import { readBounded } from '../http/read-bounded.ts';
import { waitAskedMs } from './retry-after.ts';
import { reachOf } from './target-guard.ts';
import { secretRequest, type SecretRequest, type WebChannel } from './request.ts';

/** Takes one rendered request to a channel that is reached over HTTP. */
export interface WebCourier {
  send(channel: WebChannel, outgoing: Outgoing, secret: KeyText): Promise<Receipt>;
  close(): Promise<void>;
}

export interface CourierOptions {
  readonly clock: Clock;
  /** Origins that may be internal; none without it. */
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly limits?: Partial<CourierLimits> | undefined;
  readonly resolve?: Resolve | undefined;
}

/** How long one request may take. Standard Webhooks asks for 15 to 30 s in all. */
export interface CourierLimits {
  readonly connectMs: number;
  /** From the look-up to the answer's headers. */
  readonly answerMs: number;
  /** From there to the last byte; the answer's text is thrown away. */
  readonly bodyMs: number;
}

const LIMITS: CourierLimits = { connectMs: 5_000, answerMs: 15_000, bodyMs: 5_000 };
const BODY_BYTES_MAX = 65_536;

/**
 * Sends to channels, each attempt within its time limits. A channel that asked for a pause is left alone until it is
 * over, as far as this process knows. Answers are neither kept nor repeated: they are somebody else's text.
 */
export function webhookCourier(options: CourierOptions): WebCourier {
  const { clock, allowedOrigins = [], resolve } = options;
  const limits = { ...LIMITS, ...options.limits };
  const dispatcher = guardedDispatcher({ allowedOrigins, connectMs: limits.connectMs, resolve });
  const pausedUntil = new Map<string, Instant>();

  const post = async ({ url, headers, body }: SecretRequest): Promise<Receipt> => {
    // The client rejects another scheme before it connects, which would look like trouble that passes.
    const reach = reachOf(url, allowedOrigins);
    if (typeof reach === 'object') return { is: 'refused', why: reach.problem };
    const signal = AbortSignal.timeout(limits.answerMs);
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'gemini-key-warden', ...headers },
        body,
        signal,
      });
      await readBounded(answer.body, BODY_BYTES_MAX, limits.bodyMs);
      return receiptOf(answer.statusCode, waitAskedMs(answer.headers['retry-after'], clock.now()));
    } catch (error) {
      if (isTargetRefused(error)) return { is: 'refused', why: error.message };
      if (signal.aborted) return { is: 'later', why: 'no answer in time' };
      return { is: 'later', why: networkTroubleOf(error).detail };
    }
  };

  return {
    async send(channel, outgoing, secret) {
      const { name } = channel;
      const now = clock.now();
      const pauseMs = (pausedUntil.get(name) ?? now) - now;
      if (pauseMs > 0) return { is: 'later', why: 'it asked for a pause that is not over', afterMs: pauseMs };
      const ready = secretRequest(channel, outgoing, secret, now);
      if ('problem' in ready) return { is: 'refused', why: ready.problem };
      const receipt = await post(ready);
      if (receipt.is === 'later' && receipt.afterMs !== undefined)
        pausedUntil.set(name, plusMs(clock.now(), receipt.afterMs));
      return receipt;
    },
    close: () => dispatcher.destroy(),
  };
}

/** What a status means here. PagerDuty asks never to repeat a 400; a redirect could lead anywhere and is not followed. */
function receiptOf(status: number, afterMs: number | undefined): Receipt {
  if (status >= 200 && status < 300) return { is: 'delivered' };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { is: 'later', why: `it answered ${status}`, ...(afterMs === undefined ? {} : { afterMs }) };
  if (status === 410) return { is: 'refused', why: 'it answered 410: it is gone for good' };
  if (status < 400) return { is: 'refused', why: `it answered ${status}, a redirect, which is not followed` };
  return { is: 'refused', why: `it answered ${status}` };
}
