import type { Learned, Outcome } from '../../../core/rotation/advance.ts';
import { deepRequestsMax } from '../../../core/health/deep-schedule.ts';
import { firstLookAt, judgeDrain, meteredWindow, TAKING_UP } from '../../../core/rotation/drain.ts';
import type { Usage } from '../../../core/rotation/rhythm.ts';
import { clockTrouble, CLOCK_AGAIN_MS } from '../../../core/rotation/clock-trouble.ts';
import { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { elapsedMs, plusMs, type Instant } from '../../../core/values/time.ts';
import { holdersText } from '../../listing/holders.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { contentsFor } from '../run-memory.ts';
import { namesOf } from './issued.ts';
import { lookAtNew } from './look-at-new.ts';
import { unsure, type ActInput } from './act-input.ts';
import type { Drain } from '../../../core/record/journal.ts';

/**
 * Looks at the new key once more, which was proven before it was promoted: if it is dead all the same, consumers get the
 * old one back, and else this waits until nobody uses that. The old key's name at the issuer, by which its use is
 * measured, is looked for here where no mint has found it.
 */
export async function confirm(input: ActInput): Promise<Outcome> {
  const { journal, policy, ports, secret, checks } = input;
  const promotedAt = journal.promotedAt ?? journal.since;
  const now = ports.clock.now();
  const first = firstLookAt(promotedAt, policy);
  const key = await newKey(input, now);
  if (!(key instanceof KeyText)) return key;
  if (!journal.emergency && now < first)
    return { kind: 'wait', until: first, why: TAKING_UP, learned: { drain: { use: 'unknown', at: now } } };
  const names = await namesOf(input, key);
  if (journal.emergency || journal.drain?.overdue === true) return { kind: 'done', ...names };
  const usage = await usageOf(input, names, promotedAt, now);
  const ownBefore = (hourEndsAt: Instant) => deepRequestsMax(secret, checks.deepEveryHours, hourEndsAt);
  const verdict = judgeDrain({ promotedAt, usage, ownBefore }, policy, now);
  const learned = { ...names, drain: verdict.drain };
  if (verdict.drained) {
    const trouble = clockTrouble(await ports.clock.aheadMs?.());
    if (trouble === undefined) return { kind: 'done', ...learned };
    return { kind: 'wait', until: plusMs(now, CLOCK_AGAIN_MS), why: trouble, learned };
  }
  const why = verdict.drain?.use === 'busy' ? await withHolders(input, verdict.why) : verdict.why;
  if ('hold' in verdict) return { kind: 'unsure', hold: true, why, learned };
  return { kind: 'wait', until: verdict.until, why, learned };
}

/** A drain that stays busy names who else serves the old key: they are its users, as far as anybody knows. */
async function withHolders({ ports, secret, journal, mint }: ActInput, why: string): Promise<string> {
  const { holders } = ports;
  if (holders === undefined) return why;
  const others = await attempt(async () => {
    const { bytes } = await contentsFor(ports).read(secret, journal.from);
    const key = heldKeyIn(bytes, mint.keyField);
    return key === undefined ? [] : holders.othersOf(key, secret);
  });
  if (others instanceof Fault) return `${why}; who else serves it is not known: ${others.message}`;
  // What another rotation left behind is read by nobody who reads as they should.
  const serving = others.filter(({ readAs }) => readAs !== 'previous');
  if (serving.length === 0) return why;
  return `${why}. Others serve the same key, and may be its users, or our own check of them: ${holdersText(serving)}`;
}

/** The promoted key, once it was seen to do its job; else the outcome. */
async function newKey(input: ActInput, now: Instant): Promise<KeyText | Outcome> {
  const { ports, secret, journal } = input;
  const reading = await attempt(() => ports.vault.read(secret, journal.to ?? 'current'));
  if (reading instanceof Fault) {
    const gone = reading.code === 'disabled' || reading.code === 'destroyed';
    return gone ? { kind: 'refused', why: reading.message } : unsure(reading);
  }
  const key = heldKeyIn(reading.bytes, input.mint.keyField);
  if (key === undefined) return { kind: 'refused', why: 'the new version holds no key' };
  const { diagnosis, asGood } = await lookAtNew(input, key);
  const why = `the new key: ${diagnosis.cause}: ${diagnosis.message}`;
  if (asGood || diagnosis.verdict === 'works') return key;
  return diagnosis.verdict === 'dead' ? onceMore(input, why, now) : { kind: 'unsure', why };
}

/** As long a key must have been dead before consumers are taken from it: what Google says in one moment may be that moment's. */
const DEAD_MS = 60_000;

/** A key that only just died is looked at once more, by the next run: nothing waits in place. */
function onceMore({ journal, foundDeadAt }: ActInput, why: string, now: Instant): Outcome {
  const deadSince = journal.drain?.deadSince ?? foundDeadAt ?? now;
  if (elapsedMs(deadSince, now) >= DEAD_MS) return { kind: 'refused', why };
  const drain: Drain = { ...(journal.drain ?? { use: 'unknown', at: now }), deadSince };
  return {
    kind: 'wait',
    until: plusMs(deadSince, DEAD_MS),
    why: `${why}; it is asked again in a minute`,
    learned: { drain },
  };
}

/** How the old key was used, as far as its name at the issuer is known. */
function usageOf(
  { ports, keyProject }: ActInput,
  { fromKey, fromKeyUnknown = '' }: Learned,
  promotedAt: Instant,
  now: Instant,
): Promise<Usage> {
  if (fromKey === undefined) return Promise.resolve({ known: false, why: fromKeyUnknown });
  const { from, until } = meteredWindow(promotedAt, now);
  return ports.meter.usage(keyProject, fromKey.uid, from, until);
}
