import { logAnnouncer } from './app/announce.ts';
import type { CheckPorts } from './app/fleet.ts';
import type { Log } from './app/ports.ts';
import type { RotatePorts } from './app/rotate.ts';
import type { Settings } from './core/settings.ts';
import type { Instant } from './core/time.ts';
import { apiKeysIssuer } from './edge/api-keys.ts';
import { geminiProber } from './edge/gemini.ts';
import { cloudMonitoringMeter } from './edge/monitoring.ts';
import { secretManagerVault } from './edge/secret-manager.ts';
import { googleTime } from './edge/google-time.ts';
import { systemClock } from './edge/system.ts';

/** Ports made from settings, and the connections behind them, closed with `await using`. */
export interface Wired extends AsyncDisposable {
  readonly ports: CheckPorts & RotatePorts;
  /** What time it is at Google; `undefined` when it does not answer. */
  googleTime(): Promise<Instant | undefined>;
}

export type Wire = (settings: Pick<Settings, 'endpoints'>) => Wired;

/** Connects the ports to Google Cloud, or to wherever the settings' endpoints point. */
export function wireTo(log: Log): Wire {
  return ({ endpoints }) => {
    const common = { clock: systemClock, random: Math.random };
    const vault = secretManagerVault({ url: endpoints.secretManager, transport: 'rest', ...common });
    const prober = geminiProber({ url: endpoints.gemini });
    const issuer = apiKeysIssuer({ url: endpoints.apiKeys, ...common });
    const meter = cloudMonitoringMeter({ url: endpoints.monitoring, ...common });
    return {
      googleTime: () => googleTime(endpoints.gemini),
      ports: { vault, prober, issuer, meter, clock: systemClock, log, announcer: logAnnouncer(log) },
      async [Symbol.asyncDispose]() {
        await Promise.all([vault.close(), prober.close(), issuer.close(), meter.close()]);
      },
    };
  };
}
