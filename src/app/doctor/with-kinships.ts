import type { SecretName, Vault } from '../ports/ports.ts';
import type { Source, SourceFinding } from './doctor.ts';
import { kinshipsOf, type Kinship } from './kinship.ts';

/**
 * What was found, with what each key is to the secrets that were named: to the one that knows it, or else to the first. `findings`
 * are of `sources`, one each.
 */
export async function withKinships(
  vault: Pick<Vault, 'look' | 'read' | 'versions'>,
  secrets: readonly SecretName[],
  sources: readonly Source[],
  findings: readonly SourceFinding[],
): Promise<readonly SourceFinding[]> {
  const elsewhere = sources.map(({ place, bytes }) => ({ bytes: place === 'secret' ? undefined : bytes }));
  const all: (readonly (Kinship | undefined)[])[] = [];
  for (const secret of secrets) all.push(await kinshipsOf(vault, secret, elsewhere));
  return findings.map((finding, at) => {
    const kinships = all.flatMap((ofSecret) => ofSecret[at] ?? []);
    const kinship = kinships.find(isKnown) ?? kinships[0];
    return kinship === undefined ? finding : { ...finding, kinship };
  });
}

function isKnown({ is }: Kinship): boolean {
  return is !== 'unknown' && is !== 'not_seen';
}
