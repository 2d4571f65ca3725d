import type { Cause } from '../../src/core/causes/causes.ts';
import { diagnosisOf, type Finding } from '../../src/core/health/finding.ts';

/** A finding of which nothing but the cause matters. */
export function findingOf(secret: string, cause: Cause): Finding {
  return {
    secret,
    project: 'demo-project',
    readAs: 'current',
    depth: 'shallow',
    answers: 1,
    diagnosis: diagnosisOf(cause, 'x'),
    lint: [],
    notes: [],
  };
}
