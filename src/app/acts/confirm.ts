import type { Outcome } from '../../core/advance.ts';
import { firstLookAt, judgeDrain, quietWindow, type Measured } from '../../core/drain.ts';
import { lintStoredBytes } from '../../core/secret-text.ts';
import { plusMs, type Instant } from '../../core/time.ts';
import { attempt, Fault } from '../fault.ts';
import { probeConfirmed } from '../inspect.ts';
import { unsure, type Scene } from './scene.ts';

/**
 * Waits until nobody uses the old key, and watches the new one meanwhile: the key that consumers read now was proven
 * before it was promoted, so if it is dead all the same, they get the old one back.
 */
export async function confirm(scene: Scene): Promise<Outcome> {
  const { journal, policy, ports } = scene;
  const promotedAt = journal.promotedAt ?? journal.since;
  const now = ports.clock.now();
  const first = firstLookAt(promotedAt, policy);
  const early = !journal.emergency && now < first;
  const trouble = await newKeyTrouble(scene, !early);
  if (trouble !== undefined) return trouble;
  if (journal.emergency || journal.drain?.overdue === true) return { kind: 'done' };
  if (early) return { kind: 'wait', until: first, why: 'the old key is kept while consumers take up the new one' };
  const verdict = judgeDrain(promotedAt, await measured(scene, promotedAt, now), policy, now);
  const learned = { drain: verdict.drain };
  if (verdict.drained) return { kind: 'done', ...learned };
  if ('hold' in verdict) return { kind: 'unsure', hold: true, why: verdict.why, learned };
  return { kind: 'wait', until: verdict.until, why: verdict.why, learned };
}

/** What is wrong with the promoted key; `undefined` when it does its job. Deep only where something hangs on it. */
async function newKeyTrouble({ ports, secret, journal, checks }: Scene, deep: boolean): Promise<Outcome | undefined> {
  const reading = await attempt(() => ports.vault.read(secret, journal.to ?? 'current'));
  if (reading instanceof Fault) {
    const gone = reading.code === 'disabled' || reading.code === 'destroyed';
    return gone ? { kind: 'refused', why: reading.message } : unsure(reading);
  }
  const { key } = lintStoredBytes(reading.bytes);
  if (key === undefined) return { kind: 'refused', why: 'the new version holds no key' };
  const { diagnosis } = await probeConfirmed(ports, key, checks, deep);
  const why = `the new key: ${diagnosis.cause}: ${diagnosis.message}`;
  if (diagnosis.verdict === 'works') return undefined;
  return diagnosis.verdict === 'dead' ? { kind: 'refused', why } : { kind: 'unsure', why };
}

const NOT_LOOKED_FOR = 'its record was not looked for, because the new key was not minted here';

const WEEK_MS = 7 * 86_400_000;

/** The old key's requests in the quiet window. Zero counts only if Monitoring has ever seen this key at all. */
async function measured(
  { ports, journal, keyProject, policy }: Scene,
  promotedAt: Instant,
  now: Instant,
): Promise<Measured> {
  const { fromKey } = journal;
  if (fromKey === undefined) {
    const looked = journal.candidate === 'minted';
    const why = looked ? `the old key is none of the keys of project ${keyProject}` : NOT_LOOKED_FOR;
    return { known: false, why };
  }
  const { from, until } = quietWindow(policy, now);
  const usage = await ports.meter.usage(keyProject, fromKey.uid, from, until);
  if (!usage.known || usage.requests > 0) return usage;
  const before = await ports.meter.usage(keyProject, fromKey.uid, plusMs(promotedAt, -WEEK_MS), promotedAt);
  if (!before.known || before.series > 0) return before.known ? usage : before;
  return { known: false, why: 'Monitoring has never counted a request with the old key' };
}
