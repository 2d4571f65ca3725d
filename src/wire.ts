import type { CheckPorts } from './app/fleet.ts';
import { logAnnouncer } from './app/announce.ts';
import type { Log } from './app/ports.ts';
import type { Settings } from './core/settings.ts';
import { geminiProber } from './edge/gemini.ts';
import { secretManagerVault } from './edge/secret-manager.ts';
import { systemClock } from './edge/system.ts';

/** Ports made from settings, and the connections behind them, closed with `await using`. */
export interface Wired extends AsyncDisposable {
  readonly ports: CheckPorts;
}

export type Wire = (settings: Settings) => Wired;

/** Connects the ports to Google Cloud, or to wherever the settings' endpoints point. */
export function wireTo(log: Log): Wire {
  return ({ endpoints }) => {
    const vault = secretManagerVault({ url: endpoints.secretManager, transport: 'rest', clock: systemClock, random: Math.random });
    const prober = geminiProber({ url: endpoints.gemini });
    return {
      ports: { vault, prober, clock: systemClock, log, announcer: logAnnouncer(log) },
      async [Symbol.asyncDispose]() {
        await Promise.all([vault.close(), prober.close()]);
      },
    };
  };
}
