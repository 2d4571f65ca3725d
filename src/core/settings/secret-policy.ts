import { boundProblem } from '../values/bounds.ts';
import { parseRecord } from '../values/json.ts';
import { MINT_FORMS, mintPolicyOf, mintProblem, type MintPolicy } from '../record/mint-policy.ts';
import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from '../health/check-policy.ts';
import { DEFAULT_ROTATION_POLICY, ROTATION_BOUNDS, type RotationPolicy } from '../rotation/rotation-policy.ts';

/** How a secret is looked after: how its key is checked, how it is rotated, and how new keys are made. */
export interface Care {
  readonly checks: Policy;
  readonly rotation: RotationPolicy;
  readonly mint: MintPolicy;
}

/** The care where nobody set anything. */
export const DEFAULT_CARE: Care = { checks: DEFAULT_POLICY, rotation: DEFAULT_ROTATION_POLICY, mint: {} };

/** Annotation on a secret that overrides the deployment's policy for it: JSON such as `{"v":1,"confirmAnswers":5}`. */
export const POLICY_ANNOTATION = 'key-warden.policy';

/** A secret's care and what was wrong with its source; a field that could not be read keeps the value underneath. */
export interface CareReading {
  readonly care: Care;
  readonly problems: readonly string[];
}

/** Every field of a care by its name; names are unique over the three policies. */
export type CareField = keyof Policy | keyof RotationPolicy | keyof MintPolicy;

export const CARE_FIELDS = [
  ...Object.keys(POLICY_BOUNDS),
  ...Object.keys(ROTATION_BOUNDS),
  ...Object.keys(MINT_FORMS),
].filter(isCareField);

/** What is wrong with a value for a field of a care, or `undefined`. */
export function careProblem(field: CareField, value: unknown): string | undefined {
  if (isIn(POLICY_BOUNDS, field)) return boundProblem(field, POLICY_BOUNDS[field], value);
  if (isIn(ROTATION_BOUNDS, field)) return boundProblem(field, ROTATION_BOUNDS[field], value);
  return mintProblem(field, value);
}

/** Lays a secret's own policy over the deployment's. What is not understood is reported and changes nothing. */
export function readCare(annotation: string | undefined, underneath: Care): CareReading {
  if (annotation === undefined) return { care: underneath, problems: [] };
  const value = parseRecord(annotation);
  if (value === undefined) return { care: underneath, problems: [`${POLICY_ANNOTATION} is not a JSON object`] };
  const { v, ...fields } = value;
  if (v !== 1) {
    const problem = `${POLICY_ANNOTATION} has version ${JSON.stringify(v)}; this release reads version 1`;
    return { care: underneath, problems: [problem] };
  }
  const { care, problems } = layOver(underneath, fields);
  return { care, problems: problems.map((problem) => `${POLICY_ANNOTATION}: ${problem}`) };
}

/** A care with some fields replaced; those that cannot be are named, and what does not fit together as well. */
export function layOver(underneath: Care, fields: Readonly<Record<string, unknown>>): CareReading {
  const problems: string[] = [];
  const overrides: Partial<Record<CareField, unknown>> = {};
  for (const [field, set] of Object.entries(fields)) {
    if (!isCareField(field)) {
      problems.push(`unknown field "${field}"; known: ${CARE_FIELDS.join(', ')}`);
      continue;
    }
    const problem = careProblem(field, set);
    if (problem === undefined) overrides[field] = set;
    else problems.push(problem);
  }
  const care = {
    checks: { ...underneath.checks, ...numbersOf(POLICY_BOUNDS, overrides) },
    rotation: { ...underneath.rotation, ...numbersOf(ROTATION_BOUNDS, overrides) },
    mint: { ...underneath.mint, ...mintPolicyOf(textsOf(overrides)) },
  };
  const { drainHoursMin, drainHoursMax } = care.rotation;
  if (drainHoursMin <= drainHoursMax) return { care, problems };
  const problem = `drainHoursMin (${drainHoursMin}) is more than drainHoursMax (${drainHoursMax}), so no drain could end`;
  return { care: { ...care, rotation: underneath.rotation }, problems: [...problems, problem] };
}

function numbersOf<Field extends string>(
  bounds: Readonly<Record<Field, unknown>>,
  overrides: Readonly<Record<string, unknown>>,
): Partial<Record<Field, number>> {
  const numbers: Partial<Record<Field, number>> = {};
  for (const field in bounds) {
    const value = overrides[field];
    if (typeof value === 'number') numbers[field] = value;
  }
  return numbers;
}

function textsOf(overrides: Readonly<Record<string, unknown>>): Partial<Record<keyof MintPolicy, string>> {
  const texts: Partial<Record<keyof MintPolicy, string>> = {};
  for (const field of ['keyProject', 'keyServiceAccount', 'keyKind'] as const) {
    const value = overrides[field];
    if (typeof value === 'string') texts[field] = value;
  }
  return texts;
}

function isCareField(name: string): name is CareField {
  return isIn(POLICY_BOUNDS, name) || isIn(ROTATION_BOUNDS, name) || isIn(MINT_FORMS, name);
}

function isIn<Field extends string>(table: Readonly<Record<Field, unknown>>, name: string): name is Field {
  return Object.hasOwn(table, name);
}
