import { silenceAt, type Silence } from '../../core/record/silence.ts';
import { gather, type Scope } from '../listing/gather.ts';
import type { Clock, SecretName, Vault } from '../ports/ports.ts';

/** A silence as it is on record now, or what is written in its place and silences nothing. */
export type OnRecord = { readonly secret: SecretName } & (Silence | { readonly problem: string });

export interface Silences {
  readonly silences: readonly OnRecord[];
  /** What could not be looked at. */
  readonly problems: readonly string[];
}

/** Which secrets channels are quiet about now; those that are over are left out. */
export async function silencesOf(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  scope: Scope,
): Promise<Silences> {
  const { found, findings, problems } = await gather(vault, scope);
  const silences = found.flatMap(({ sighting: { name: secret, record } }): readonly OnRecord[] => {
    const reading = silenceAt(record.silence, clock.now());
    if (reading.is === 'silent') return [{ secret, ...reading.silence }];
    return reading.is === 'not understood' ? [{ secret, problem: reading.problem }] : [];
  });
  return {
    silences: silences.toSorted((a, b) => (a.secret < b.secret ? -1 : 1)),
    problems: [...problems, ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`)],
  };
}
