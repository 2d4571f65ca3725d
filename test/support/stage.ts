import type { CheckOrder, CheckPorts } from '../../src/app/check/check.ts';
import type { Found } from '../../src/app/listing/gather.ts';
import type { Log } from '../../src/app/ports/ports.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import { DEFAULT_SECRET_POLICY } from '../../src/core/settings/secret-policy.ts';
import { stillClock, type StillClock } from './still-clock.ts';
import { memoryProber, type MemoryProber } from './twins/memory-prober.ts';
import { memoryVault, type MemoryVault } from './twins/memory-vault.ts';

export const SCOPE = { project: 'demo-project', location: 'global' };
export const MANAGED = { 'key-warden': 'managed', team: 'search' };
export const GOOD_KEY = `AQ${'.'}GoodKey${'g'.repeat(43)}`;
export const STANDARD_KEY = `AI${'za'}SyStandard${'s'.repeat(25)}`;
export const DEAD_KEY = `AI${'za'}SyDeadKey${'d'.repeat(26)}`;

/** Everything a check needs, in memory: what was announced and logged is kept for the test to read. */
export interface Stage {
  readonly ports: CheckPorts;
  readonly vault: MemoryVault;
  readonly prober: MemoryProber;
  readonly clock: StillClock;
  readonly announced: Notice[];
  readonly logged: string[];
  /** A secret with one version per text, managed and read through `current` (the newest) unless told otherwise. */
  secret(id: string, payloads: readonly (string | Uint8Array)[], fields?: SecretFields): Promise<string>;
  found(name: string): Promise<Found>;
}

interface SecretFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly current?: number | null;
  readonly project?: string;
}

export const ORDER: CheckOrder = {
  scopes: [SCOPE],
  secretPolicy: {
    ...DEFAULT_SECRET_POLICY,
    checks: { ...DEFAULT_SECRET_POLICY.checks, confirmSpacingSeconds: 2, goodRunsMin: 1 },
  },
  deep: 'never',
  record: true,
  rotationsMax: 20,
  noticeDays: 0,
  runEveryMinutes: 10,
  concurrency: 4,
  budgetSeconds: 60,
};

/** `GOOD_KEY` and `STANDARD_KEY` work, any other key is refused as invalid. */
export function stage(): Stage {
  const clock = stillClock();
  const vault = memoryVault(clock.now);
  const prober = memoryProber(GOOD_KEY, STANDARD_KEY);
  const announced: Notice[] = [];
  const logged: string[] = [];
  const log: Log = { write: (severity, message) => logged.push(`${severity} ${message}`) };
  const announcer = { announce: (notice: Notice) => Promise.resolve(void announced.push(notice)) };
  return {
    ports: { vault, prober, clock, log, announcer },
    vault,
    prober,
    clock,
    announced,
    logged,
    async secret(id, payloads, { labels = MANAGED, annotations = {}, current = payloads.length, ...place } = {}) {
      const name = vault.create({ ...SCOPE, ...place }, id, { labels, annotations });
      for (const payload of payloads) {
        await vault.add(name, typeof payload === 'string' ? new TextEncoder().encode(payload) : payload);
      }
      if (current !== null && payloads.length > 0) await vault.commit(await vault.look(name), { aliases: { current } });
      return name;
    },
    found: async (name) => ({ sighting: await vault.look(name), project: SCOPE.project }),
  };
}
