import type { Outcome } from '../../../core/rotation/advance.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { isBadWeather } from '../../../core/rotation/bad-weather.ts';
import { plusMs, elapsedMs, type Instant } from '../../../core/values/time.ts';
import type { ActInput } from './act-input.ts';
import { lookAtNew } from './look-at-new.ts';

/** Between two looks at a key that is not known everywhere yet. */
const SETTLE_PAUSE_MS = 30_000;

/**
 * Whether a key does the job, deep, or does it as well as the old one: `undefined` when it does, else the outcome for the act that asked. A refusal is
 * believed only once the key had time to become known everywhere: fresh keys answer "expired" or "not found" for minutes.
 * `madeAt` is the earliest that the key can have been made.
 */
export async function unproven(
  input: ActInput,
  key: KeyText,
  madeAt: Instant = input.journal.openedAt,
): Promise<Outcome | undefined> {
  const { ports, policy } = input;
  const { diagnosis, notes, asGood } = await lookAtNew(input, key);
  if (asGood) return undefined;
  const now = ports.clock.now();
  const why = `${diagnosis.cause}: ${diagnosis.message}`;
  switch (diagnosis.verdict) {
    case 'works':
      return { kind: 'unsure', why: notes.join('; ') };
    case 'throttled':
    case 'unclear':
      return { kind: 'unsure', why, passes: isBadWeather(diagnosis.cause) };
    case 'dead':
    case 'blocked':
      if (elapsedMs(madeAt, now) >= policy.settleMinutesMax * 60_000) return { kind: 'refused', why };
      return {
        kind: 'wait',
        why: `the new key is refused so far, as fresh keys are for some minutes (${why})`,
        until: plusMs(now, SETTLE_PAUSE_MS),
      };
  }
}
