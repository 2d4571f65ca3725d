import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { SecretName, SecretSighting, Vault, VersionReading, VersionRef } from '../ports/ports.ts';

/** A value, and by which name it is read. */
export type ServedValue = VersionReading & { readonly readAs: string };

/** The values that a secret gives to whoever reads it, or why nobody can tell. */
export interface Served {
  readonly secret: SecretName;
  readonly values: readonly ServedValue[];
  /** Versions that were asked for, whether anybody can read them or not. */
  readonly asked: ReadonlySet<number>;
  /** The number of the newest; absent where nobody can read it. */
  readonly newest?: number | undefined;
  readonly trouble?: Fault | undefined;
}

/** What nobody can read serves nobody. `latest` first: most aliases name the same version, which is read once. */
export async function servedBy(
  vault: Vault,
  { name: secret, aliases }: Pick<SecretSighting, 'name' | 'aliases'>,
): Promise<Served> {
  const read = new Map<VersionRef, VersionReading>();
  const refs = [...new Set<VersionRef>(['latest', ...Object.values(aliases)])];
  let trouble: Fault | undefined;
  for (const version of refs) {
    if (read.has(version)) continue;
    const reading = await attempt(() => vault.read(secret, version));
    if (reading instanceof Fault) {
      if (isUnreadable(reading)) continue;
      trouble = reading;
      break;
    }
    read.set(version, reading).set(reading.number, reading);
  }
  const newest = read.get('latest')?.number;
  const values = namesOf(aliases).flatMap(([readAs, version]) => {
    const reading = read.get(version);
    return reading === undefined ? [] : [{ ...reading, readAs }];
  });
  const asked = new Set([...Object.values(aliases), ...(newest === undefined ? [] : [newest])]);
  return { secret, values, asked, newest, trouble };
}

/** `current` first: it is what a holder is named by. */
function namesOf(aliases: SecretSighting['aliases']): readonly (readonly [string, VersionRef])[] {
  const { current, ...others } = aliases;
  return [
    ...(current === undefined ? [] : [['current', current] as const]),
    ...Object.entries(others),
    ['latest', 'latest'] as const,
  ];
}
