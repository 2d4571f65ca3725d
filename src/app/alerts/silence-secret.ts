import { readSilence, SILENCE_ANNOTATION, writeSilence, type Silence } from '../../core/record/silence.ts';
import { isoOf, type Instant } from '../../core/values/time.ts';
import type { Clock, SecretName, Vault } from '../ports/ports.ts';

/** What became of a silence, or with a dry run would. `none`: there was none to end. */
export type SilenceOutcome =
  { readonly outcome: 'silent' | 'ended' | 'none' } | { readonly outcome: 'refused'; readonly why: string };

/**
 * Keeps channels quiet about a secret until a moment, or ends that with `undefined`: its end is written, so that the next
 * check knows that what was announced meanwhile was not heard. What the pipeline would not take for a silence is refused. Rejects with `Fault`, `stale` when somebody wrote the secret meanwhile.
 */
export async function silenceSecret(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  secret: SecretName,
  silence: Silence | undefined,
  dryRun: boolean,
): Promise<SilenceOutcome> {
  const why = silence === undefined ? undefined : refusalOf(silence, clock.now());
  if (why !== undefined) return { outcome: 'refused', why };
  const sighting = await vault.look(secret);
  const now = clock.now();
  const before = readSilence(sighting.annotations[SILENCE_ANNOTATION], now);
  if (silence === undefined && (before.is === 'none' || before.is === 'over')) return { outcome: 'none' };
  const cut = before.is === 'silent' ? writeSilence({ ...before.silence, until: now }) : null;
  const annotation = silence === undefined ? cut : writeSilence(silence);
  if (!dryRun) await vault.commit(sighting, { annotations: { [SILENCE_ANNOTATION]: annotation } });
  return { outcome: silence === undefined ? 'ended' : 'silent' };
}

/** Read as the pipeline will read it. */
function refusalOf(silence: Silence, now: Instant): string | undefined {
  const reading = readSilence(writeSilence(silence), now);
  if (reading.is === 'not understood') return reading.problem;
  return reading.is === 'silent' ? undefined : `its end ${isoOf(silence.until)} is past`;
}
