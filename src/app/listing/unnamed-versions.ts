import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { Vault } from '../ports/ports.ts';
import type { Served, ServedValue } from './served.ts';

/** How a version is spoken of to which no name leads: whoever reads it gives its number. */
export const BY_NUMBER = 'by its number alone';

/**
 * So many versions below the newest are asked for one by one, enabled or not: a project has 90,000 accesses a minute, and 600 lists, which
 * checks and rotations need too. A secret with more is listed.
 */
const ASKED_MAX = 20;

/**
 * The enabled versions of a secret that none of its names leads to: somebody may read one by its number. Whoever lists waits for
 * `pace` first. Of a secret with one or two versions, both named, nothing is left to ask.
 */
export async function unnamedVersions(vault: Vault, served: Served, pace: () => Promise<void>): Promise<Served> {
  const { secret, asked } = served;
  const numbers = await attempt(() => numbersLeft(vault, served, pace));
  if (numbers instanceof Fault) return { ...served, values: [], trouble: isUnreadable(numbers) ? undefined : numbers };
  const values: ServedValue[] = [];
  for (const number of numbers) {
    if (asked.has(number)) continue;
    const reading = await attempt(() => vault.read(secret, number));
    if (!(reading instanceof Fault)) values.push({ ...reading, readAs: BY_NUMBER });
    else if (!isUnreadable(reading)) return { ...served, values, trouble: reading };
  }
  return { ...served, values };
}

async function numbersLeft(
  vault: Vault,
  { secret, asked, newest }: Served,
  pace: () => Promise<void>,
): Promise<readonly number[]> {
  if (newest !== undefined && newest - asked.size <= ASKED_MAX)
    return Array.from({ length: newest }, (_, below) => newest - below);
  await pace();
  const versions = await vault.versions(secret);
  return versions.filter(({ state }) => state === 'enabled').map(({ number }) => number);
}
