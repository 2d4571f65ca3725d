import { request } from 'undici';
import type { ChannelSecrets } from '../../app/alerts/channel-secrets.ts';
import type { DeadMan, Sign } from '../../app/check/dead-man.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import type { Log } from '../../app/ports/ports.ts';
import { guardedDispatcher, isTargetRefused, type GuardOptions } from './guarded-dispatcher.ts';
import { networkTroubleOf } from '../http/network-trouble.ts';
import { readBounded } from '../http/read-bounded.ts';

export interface PingOptions extends Pick<GuardOptions, 'allowedOrigins' | 'resolve'> {
  /** Full name of the secret whose latest version is the address to ping: whoever knows it can feign our health. */
  readonly secret: string;
  readonly secrets: ChannelSecrets;
  readonly log: Log;
  /** Time limit of one ping, in milliseconds. */
  readonly callMs?: number | undefined;
}

const CALL_MS = 5_000;
const BODY_BYTES_MAX = 4_096;

/** Paths below the address, as healthchecks.io (/docs/http_api/) and those that follow it have them. */
const PATH = { start: '/start', success: '', fail: '/fail' } as const satisfies Record<Sign, string>;

/** Pings a dead-man’s service. One attempt each: a lost ping is what the service’s grace time is for. */
export function deadManPing(options: PingOptions): DeadMan & { close(): Promise<void> } {
  const { secret, secrets, log, callMs = CALL_MS, allowedOrigins, resolve } = options;
  const dispatcher = guardedDispatcher({ allowedOrigins, connectMs: callMs, resolve });

  /** What went wrong, in words that hold neither the address nor the answer. */
  const ping = async (sign: Sign): Promise<string | undefined> => {
    const address = await attempt(() => secrets.read(secret));
    if (address instanceof Fault) return `its address cannot be read: ${address.message}`;
    const url = URL.parse(address.reveal());
    if (url === null) return `what ${secret} holds is no address`;
    url.pathname = url.pathname.replace(/\/$/, '') + PATH[sign];
    const signal = AbortSignal.timeout(callMs);
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'user-agent': 'gemini-key-warden' },
        signal,
      });
      await readBounded(body, BODY_BYTES_MAX, callMs);
      return statusCode >= 200 && statusCode < 300 ? undefined : `it answered ${statusCode}`;
    } catch (error) {
      if (isTargetRefused(error)) return error.message;
      return signal.aborted ? 'no answer in time' : networkTroubleOf(error).detail;
    }
  };

  return {
    async tell(sign) {
      const trouble = await ping(sign);
      if (trouble !== undefined) log.write('WARNING', `the dead-man’s service was not told of the ${sign}: ${trouble}`);
    },
    close: () => dispatcher.destroy(),
  };
}
