import type { Cause } from './causes.ts';
import type { Finding } from './finding.ts';
import type { FleetOutage } from './notice.ts';

/** Fewer keys than this failing alike are taken one by one. */
const KEYS_MIN = 3;

/**
 * Trouble common to a run: the same inconclusive cause for at least half of the secrets. An address that Google blocks,
 * a dead network or missing credentials look like many bad keys; blaming each would page once per key.
 */
export function commonOutage(findings: readonly Finding[]): FleetOutage | undefined {
  const alike = Map.groupBy(findings.filter(isAboutUs), (finding) => finding.diagnosis.cause);
  for (const [cause, failing] of alike) {
    const [first] = failing;
    if (first !== undefined && failing.length >= KEYS_MIN && failing.length * 2 >= findings.length) {
      const { message } = first.diagnosis;
      return { type: 'fleet.outage', cause, failing: failing.length, seen: findings.length, message };
    }
  }
  return undefined;
}

/** Location refusals condemn the address that asked, not the key. */
const ABOUT_THE_ADDRESS: readonly Cause[] = ['location_unsupported', 'ip_blocked'];

function isAboutUs({ diagnosis }: Finding): boolean {
  return diagnosis.verdict === 'unclear' || ABOUT_THE_ADDRESS.includes(diagnosis.cause);
}
