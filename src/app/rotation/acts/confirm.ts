import type { Learned, Outcome } from '../../../core/rotation/advance.ts';
import { deepRequestsMax } from '../../../core/health/deep-schedule.ts';
import { firstLookAt, judgeDrain, meteredWindow, TAKING_UP } from '../../../core/rotation/drain.ts';
import type { Usage } from '../../../core/rotation/rhythm.ts';
import { clockTrouble, CLOCK_AGAIN_MS } from '../../../core/rotation/clock-trouble.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { elapsedMs, plusMs, type Instant } from '../../../core/values/time.ts';
import { holdersText } from '../../listing/holders.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { markOld } from '../../keys/mark-old.ts';
import { contentsFor } from '../run-memory.ts';
import { namesOf } from './issued.ts';
import { lookAtNew } from './look-at-new.ts';
import { drainPolicy, keptBack, lookAt, reachOf } from './reached.ts';
import { unsure, type ActInput } from './act-input.ts';
import type { Drain } from '../../../core/record/journal.ts';

/**
 * Looks at the new key once more, which was proven before it was promoted: if it is dead all the same, consumers get the
 * old one back, and else this waits until nobody uses that. The old key's name at the issuer, by which its use is
 * measured, is looked for here where no mint has found it. A key that leaked does not come back and is waited for by nobody: it is
 * marked as leaked at its issuer, and ended whatever the new one is answered.
 */
export async function confirm(input: ActInput): Promise<Outcome> {
  const { journal, policy, ports, secret, checks, isLeak } = input;
  const promotedAt = journal.promotedAt ?? journal.since;
  const now = ports.clock.now();
  const { key, trouble } = await newKey(input, now);
  const isEnded = trouble?.kind === 'refused' && isLeak === true;
  if (trouble !== undefined && !isEnded) return trouble;
  const isWaitedFor = !journal.emergency && journal.drain?.overdue !== true;
  const reach = isWaitedFor ? await reachOf(input, journal.to) : undefined;
  if (reach?.is === 'spoilt') return { kind: 'refused', why: reach.why };
  const drained = drainPolicy(policy, reach);
  const first = firstLookAt(promotedAt, drained);
  if (!isEnded && !journal.emergency && now < first) {
    const why = reach?.is === 'underway' ? reach.why : TAKING_UP;
    return { kind: 'wait', until: lookAt(first, reach, now), why, learned: { drain: { use: 'unknown', at: now } } };
  }
  const names = await namesOf(input, key);
  if (journal.emergency) await markLeaked(input, names);
  if (isEnded) return { ...trouble, learned: { ...trouble.learned, ...names } };
  if (journal.emergency) return { kind: 'done', ...names, ...seenAlive(journal.drain) };
  if (journal.drain?.overdue === true) return { kind: 'done', ...names };
  const usage = await usageOf(input, names, promotedAt, now);
  const ownBefore = (hourEndsAt: Instant) => deepRequestsMax(secret, checks.deepEveryHours, hourEndsAt);
  const verdict = judgeDrain({ promotedAt, usage, ownBefore }, drained, now);
  const learned = { ...names, drain: verdict.drain };
  if (verdict.drained) {
    const kept = keptBack(reach, policy, promotedAt, now);
    if (kept?.is === 'waiting') return { kind: 'wait', until: kept.until, why: kept.why, learned };
    if (kept?.is === 'held')
      return {
        kind: 'unsure',
        hold: true,
        why: kept.why,
        learned: { ...names, drain: { ...verdict.drain, overdue: true } },
      };
    const disagreement = clockTrouble(await ports.clock.aheadMs?.());
    if (disagreement === undefined) return { kind: 'done', ...learned };
    return { kind: 'wait', until: plusMs(now, CLOCK_AGAIN_MS), why: disagreement, learned };
  }
  const why = verdict.drain?.use === 'busy' ? await withHolders(input, verdict.why) : verdict.why;
  if ('hold' in verdict) return { kind: 'unsure', hold: true, why, learned };
  return { kind: 'wait', until: verdict.until, why, learned };
}

/** A key that works again was not dead: else another one would be made after the emergency. */
function seenAlive(drain: Drain | undefined): Learned {
  return drain?.deadSince === undefined ? {} : { drain: { ...drain, deadSince: undefined } };
}

/** That this cannot be done now keeps no leaked key alive: it is tried again where the key is retired. */
async function markLeaked({ ports, secret, journal }: ActInput, { fromKey }: Learned): Promise<void> {
  if (fromKey === undefined) return;
  await attempt(() => markOld(ports, { secret, name: fromKey.name, version: journal.from, isLeak: true }));
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

/** The promoted key, as far as it can be read, and what is the matter with it. */
interface NewKey {
  readonly key?: KeyText | undefined;
  readonly trouble?: Outcome | undefined;
}

async function newKey(input: ActInput, now: Instant): Promise<NewKey> {
  const { ports, secret, journal } = input;
  const reading = await attempt(() => ports.vault.read(secret, journal.to ?? 'current'));
  if (reading instanceof Fault) {
    const gone = reading.code === 'disabled' || reading.code === 'destroyed';
    return { trouble: gone ? { kind: 'refused', why: reading.message } : unsure(reading) };
  }
  const key = heldKeyIn(reading.bytes, input.mint.keyField);
  if (key === undefined) return { trouble: { kind: 'refused', why: 'the new version holds no key' } };
  const { diagnosis, asGood } = await lookAtNew(input, key);
  const why = `the new key: ${diagnosis.cause}: ${diagnosis.message}`;
  if (asGood || diagnosis.verdict === 'works') return { key };
  return { key, trouble: diagnosis.verdict === 'dead' ? onceMore(input, why, now) : { kind: 'unsure', why } };
}

/** As long a key must have been dead before consumers are taken from it: what Google says in one moment may be that moment's. */
const DEAD_MS = 60_000;

/** A key that only just died is looked at once more, by the next run: nothing waits in place. */
function onceMore({ journal, foundDeadAt }: ActInput, why: string, now: Instant): Outcome {
  const deadSince = journal.drain?.deadSince ?? foundDeadAt ?? now;
  const drain: Drain = { ...(journal.drain ?? { use: 'unknown', at: now }), deadSince };
  if (elapsedMs(deadSince, now) >= DEAD_MS) return { kind: 'refused', why, learned: { drain } };
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
