import type { InFlight, Rest } from '../../src/core/record/journal.ts';
import { DEFAULT_ROTATION_POLICY, type RotationPolicy } from '../../src/core/rotation/rotation-policy.ts';
import { instantOf, plusMs } from '../../src/core/values/time.ts';

export const NOW = instantOf(1_800_000_000_000);
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
/** How late Monitoring's points may be, and then the least time from a promotion to its first look. */
export const LAG_MS = 31 * MINUTE_MS;
export const FIRST_LOOK_MS = 6 * HOUR_MS + LAG_MS;
export const ago = (hours: number) => plusMs(NOW, -hours * HOUR_MS);
export const ahead = (hours: number) => plusMs(NOW, hours * HOUR_MS);

export const POLICY: RotationPolicy = { ...DEFAULT_ROTATION_POLICY, triesMax: 3, backoffSeconds: 20 };
export const FROM_KEY = { name: 'projects/123456789012/locations/global/keys/old', uid: 'uid-old' };
export const TO_KEY = { name: 'projects/123456789012/locations/global/keys/kw-1-abc', uid: 'uid-new' };

/** A rotation from version 1 to version 2 that began an hour ago and whose phase began now. */
export function inFlight(fields: Partial<InFlight> = {}): InFlight {
  return {
    phase: 'written',
    id: 'kw-1-abc',
    reason: 'request',
    emergency: false,
    candidate: 'minted',
    from: 1,
    to: 2,
    openedAt: ago(1),
    since: NOW,
    tries: 0,
    held: false,
    rest: { failures: 0, passedOver: [] },
    ...fields,
  };
}

export function resting(fields: Partial<Rest> = {}): Rest {
  return { phase: 'resting', failures: 0, passedOver: [], ...fields };
}

/** Somebody at a command line of her own. */
export const JANE = { who: 'jane', is: 'claimed' } as const;
