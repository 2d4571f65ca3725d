import type { Cause } from './causes.ts';
import { diagnosisOf, type Finding } from './finding.ts';
import type { FleetOutage } from './notice.ts';
import type { Diagnosis } from './verdict.ts';

/** Fewer keys than this failing alike are taken one by one. */
const KEYS_MIN = 3;

/** Nobody was reached, or nobody there could answer: one dead network, and one bad hour of Google’s, show as any mix of these. */
const ON_THE_WAY: readonly Cause[] = [
  'network',
  'timeout',
  'egress_blocked',
  'overloaded',
  'server_error',
  'store_unavailable',
];

/** Whether two secrets that fail for these causes fail alike. */
export function areAlike(one: Cause, other: Cause): boolean {
  return one === other || (ON_THE_WAY.includes(one) && ON_THE_WAY.includes(other));
}

/**
 * Trouble common to a run: alike and inconclusive for at least half of the secrets. An address that Google blocks, a
 * dead network or missing credentials look like many bad keys; blaming each would page once per key. It is named by the
 * commonest cause.
 */
export function commonOutage(findings: readonly Finding[]): FleetOutage | undefined {
  const groups = [...Map.groupBy(findings.filter(isAboutUs), (finding) => finding.diagnosis.cause)];
  for (const [cause, [first]] of groups.toSorted(([, one], [, other]) => other.length - one.length)) {
    const failing = groups.reduce((sum, [other, group]) => sum + (areAlike(cause, other) ? group.length : 0), 0);
    if (first === undefined || failing < KEYS_MIN || failing * 2 < findings.length) continue;
    const { message } = first.diagnosis;
    return { type: 'fleet.outage', cause, failing, seen: findings.length, message };
  }
  return undefined;
}

/**
 * Annotation in which one secret of the fleet remembers outages for all, in the form of `key-warden.health`: there is no
 * other place for it. Which secret it is does not matter; it is found by looking through all of them.
 */
export const OUTAGE_ANNOTATION = 'key-warden.outage';

/**
 * A run as a check of the fleet itself. To the fleet, an outage is what `blocked` is to a key: something around it stops
 * it, and half of the keys in one run need no second opinion. `undefined` for a run that shows nothing either way.
 */
export function fleetDiagnosis(findings: readonly Finding[], outage: FleetOutage | undefined): Diagnosis | undefined {
  if (outage !== undefined)
    return { verdict: 'blocked', cause: outage.cause, definitive: true, message: outage.message };
  const judged = findings.filter((finding) => !isAboutUs(finding)).length;
  return judged * 2 > findings.length ? diagnosisOf('ok', `${judged} of ${findings.length} were judged`) : undefined;
}

/** Location refusals condemn the address that asked, not the key. */
const ABOUT_THE_ADDRESS: readonly Cause[] = ['location_unsupported', 'ip_blocked'];

function isAboutUs({ diagnosis }: Finding): boolean {
  return diagnosis.verdict === 'unclear' || ABOUT_THE_ADDRESS.includes(diagnosis.cause);
}
