import type { Learned, Outcome } from '../../../core/rotation/advance.ts';
import { firstLookAt, judgeDrain, meteredWindow, TAKING_UP, type Measured } from '../../../core/rotation/drain.ts';
import { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { plusMs, type Instant } from '../../../core/values/time.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { probeConfirmed } from '../../probe/probe-secret.ts';
import { namesOf } from './issued.ts';
import { unsure, type ActInput } from './act-input.ts';

/**
 * Looks at the new key once more, which was proven before it was promoted: if it is dead all the same, consumers get the
 * old one back, and else this waits until nobody uses that. The old key's name at the issuer, by which its use is
 * measured, is looked for here where no mint has found it.
 */
export async function confirm(input: ActInput): Promise<Outcome> {
  const { journal, policy, ports } = input;
  const promotedAt = journal.promotedAt ?? journal.since;
  const now = ports.clock.now();
  const first = firstLookAt(promotedAt, policy);
  const key = await newKey(input);
  if (!(key instanceof KeyText)) return key;
  if (!journal.emergency && now < first)
    return { kind: 'wait', until: first, why: TAKING_UP, learned: { drain: { use: 'unknown', at: now } } };
  const names = await namesOf(input, key);
  if (journal.emergency || journal.drain?.overdue === true) return { kind: 'done', ...names };
  const verdict = judgeDrain(promotedAt, await measured(input, names, promotedAt, now), policy, now);
  const learned = { ...names, drain: verdict.drain };
  if (verdict.drained) return { kind: 'done', ...learned };
  if ('hold' in verdict) return { kind: 'unsure', hold: true, why: verdict.why, learned };
  return { kind: 'wait', until: verdict.until, why: verdict.why, learned };
}

/** The promoted key, once it was seen to do its job; else the outcome. */
async function newKey(input: ActInput): Promise<KeyText | Outcome> {
  const { ports, secret, journal, checks } = input;
  const reading = await attempt(() => ports.vault.read(secret, journal.to ?? 'current'));
  if (reading instanceof Fault) {
    const gone = reading.code === 'disabled' || reading.code === 'destroyed';
    return gone ? { kind: 'refused', why: reading.message } : unsure(reading);
  }
  const key = heldKeyIn(reading.bytes, input.mint.keyField);
  if (key === undefined) return { kind: 'refused', why: 'the new version holds no key' };
  const { diagnosis } = await probeConfirmed(ports, key, checks, true);
  const why = `the new key: ${diagnosis.cause}: ${diagnosis.message}`;
  if (diagnosis.verdict === 'works') return key;
  return diagnosis.verdict === 'dead' ? { kind: 'refused', why } : { kind: 'unsure', why };
}

const WEEK_MS = 7 * 86_400_000;

/** The old key's requests in the quiet window. Zero counts only if Monitoring has ever seen this key at all. */
async function measured(
  { ports, keyProject, policy }: ActInput,
  { fromKey, fromKeyUnknown = '' }: Learned,
  promotedAt: Instant,
  now: Instant,
): Promise<Measured> {
  if (fromKey === undefined) return { known: false, why: fromKeyUnknown };
  const { from, until } = meteredWindow(policy, now);
  const usage = await ports.meter.usage(keyProject, fromKey.uid, from, until);
  if (!usage.known || usage.requests > 0) return usage;
  const before = await ports.meter.usage(keyProject, fromKey.uid, plusMs(promotedAt, -WEEK_MS), promotedAt);
  if (!before.known || before.series > 0) return before.known ? usage : before;
  return { known: false, why: 'Monitoring has never counted a request with the old key' };
}
