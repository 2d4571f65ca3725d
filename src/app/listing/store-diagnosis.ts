import type { Cause } from '../../core/causes/causes.ts';
import { diagnosisOf, type Finding } from '../../core/health/finding.ts';
import type { Diagnosis } from '../../core/classify/classify.ts';
import type { Fault, FaultCode } from '../ports/fault.ts';

/** What each kind of trouble with Secret Manager means for a check: the key could not even be looked at. */
const CAUSE_OF = {
  denied: 'access_denied',
  switched_off: 'store_disabled',
  unauthenticated: 'no_credentials',
  disabled: 'version_disabled',
  destroyed: 'version_destroyed',
  wrong_state: 'store_unavailable',
  unproven: 'store_unavailable',
  corrupt: 'checksum_mismatch',
  not_found: 'version_missing',
  stale: 'store_unavailable',
  exists: 'store_unavailable',
  invalid: 'store_unavailable',
  limited: 'store_unavailable',
  timeout: 'store_unavailable',
  unavailable: 'store_unavailable',
} as const satisfies Record<FaultCode, Cause>;

/** The diagnosis for a fault met while looking at a secret or reading one of its versions. */
export function storeDiagnosis(fault: Fault, looking: 'secret' | 'version'): Diagnosis {
  const missingSecret = fault.code === 'not_found' && looking === 'secret';
  return diagnosisOf(missingSecret ? 'secret_missing' : CAUSE_OF[fault.code], fault.message);
}

/** The finding for a secret whose key was never sent to Gemini. */
export function storeFinding(about: Pick<Finding, 'secret' | 'project' | 'readAs'>, diagnosis: Diagnosis): Finding {
  return { ...about, depth: 'none', answers: 0, diagnosis, lint: [], notes: [] };
}
