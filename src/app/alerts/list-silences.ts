import { silenceAt, type Silence } from '../../core/record/silence.ts';
import { gather, type Scope } from '../listing/gather.ts';
import { isWideAt, type WideSilence } from '../../core/record/wide-silence.ts';
import type { Clock, Log, SecretName, Vault } from '../ports/ports.ts';
import { wideSilencesIn } from '../listing/wide-silences.ts';

/** A silence as it is on record now, or what is written in its place and silences nothing. */
export type OnRecord = { readonly secret: SecretName } & (Silence | { readonly problem: string });

export interface Silences {
  readonly silences: readonly OnRecord[];
  /** Those that are about more than one secret. */
  readonly wide: readonly WideSilence[];
  /** What could not be looked at. */
  readonly problems: readonly string[];
}

/** Which secrets channels are quiet about now; those that are over are left out. */
export async function silencesOf(
  { vault, clock, log }: { readonly vault: Vault; readonly clock: Clock; readonly log: Log },
  { book, ...scope }: Scope & { readonly book?: SecretName | undefined },
): Promise<Silences> {
  const wide = await wideSilencesIn({ vault, log }, book);
  const { found, findings, problems } = await gather(vault, scope);
  const silences = found.flatMap(({ sighting: { name: secret, record } }): readonly OnRecord[] => {
    const reading = silenceAt(record.silence, clock.now());
    if (reading.is === 'silent') return [{ secret, ...reading.silence }];
    return reading.is === 'not understood' ? [{ secret, problem: reading.problem }] : [];
  });
  return {
    wide: wide.filter((one) => isWideAt(one, clock.now())),
    silences: silences.toSorted((a, b) => (a.secret < b.secret ? -1 : 1)),
    problems: [...problems, ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`)],
  };
}
