import { ruleProblem, type Choices, type SecretPolicyField } from './policy-rules.ts';
import { CALENDAR_FORMS, calendarProblem, type CalendarPolicy } from '../calendar/calendar-policy.ts';
import type { CalendarReader } from '../calendar/calendar-reader.ts';
import { ownCalendarProblem } from '../calendar/waiting.ts';
import type { Instant } from '../values/time.ts';
import { boundProblem } from '../values/bounds.ts';
import { annotationOf, type SecretRecord } from '../record/secret-record.ts';
import { MINT_FORMS, mintPolicyOf, mintProblem, type MintPolicy } from '../record/mint-policy.ts';
import { DEFAULT_CHECK_POLICY, CHECK_POLICY_BOUNDS, type CheckPolicy } from '../health/check-policy.ts';
import { DEFAULT_ROTATION_POLICY, ROTATION_POLICY_BOUNDS, type RotationPolicy } from '../rotation/rotation-policy.ts';

/** How a secret is looked after: how its key is checked, how and when it is rotated, and how new keys are made. */
export interface SecretPolicy extends Choices {
  readonly checks: CheckPolicy;
  readonly rotation: RotationPolicy;
  readonly mint: MintPolicy;
  /** When planned rotations may begin; absent where at any time. */
  readonly calendar?: CalendarPolicy | undefined;
  /** The same by the secret’s own policy, which counts beside the settings’ and never in its place. */
  readonly ownCalendar?: CalendarPolicy | undefined;
  /** Reads both; without it each is read anew wherever it is asked for. */
  readonly calendarReader?: CalendarReader | undefined;
}

/** The policy where nobody set anything. */
export const DEFAULT_SECRET_POLICY: SecretPolicy = {
  checks: DEFAULT_CHECK_POLICY,
  rotation: DEFAULT_ROTATION_POLICY,
  mint: {},
};

/** A secret's care and what was wrong with its source; a field that could not be read keeps the value underneath. */
export interface SecretPolicyReading {
  readonly secretPolicy: SecretPolicy;
  readonly problems: readonly string[];
}

export const SECRET_POLICY_FIELDS = [
  ...Object.keys(CHECK_POLICY_BOUNDS),
  ...Object.keys(ROTATION_POLICY_BOUNDS),
  ...Object.keys(MINT_FORMS),
  ...Object.keys(CALENDAR_FORMS),
].filter(isSecretPolicyField);

/** What is wrong with a value for a field of a secret’s policy, or `undefined`. */
export function secretPolicyProblem(
  field: SecretPolicyField,
  value: unknown,
  reader?: CalendarReader,
): string | undefined {
  if (isIn(CHECK_POLICY_BOUNDS, field)) return boundProblem(field, CHECK_POLICY_BOUNDS[field], value);
  if (isIn(ROTATION_POLICY_BOUNDS, field)) return boundProblem(field, ROTATION_POLICY_BOUNDS[field], value);
  if (isIn(CALENDAR_FORMS, field)) return calendarProblem(field, value, reader);
  return mintProblem(field, value);
}

/** Lays a secret's own policy over the deployment's. What is not understood is reported and changes nothing. */
export function secretPolicyOf(
  { policy }: Pick<SecretRecord, 'policy'>,
  underneath: SecretPolicy,
): SecretPolicyReading {
  const annotation = annotationOf('policy');
  if (policy.is === 'unreadable') return { secretPolicy: underneath, problems: [`${annotation} ${policy.why}`] };
  // Most secrets ask for nothing, and a run asks this of every one of them.
  if (Object.keys(policy.value).length === 0) return { secretPolicy: underneath, problems: [] };
  const { secretPolicy, problems } = tightened(underneath, policy.value);
  return { secretPolicy, problems: problems.map((problem) => `${annotation}: ${problem}`) };
}

/** The same, with what is wrong at `now` alone: a calendar of its own that holds a rotation back for too long. */
export function secretPolicyAt(record: SecretRecord, underneath: SecretPolicy, now: Instant): SecretPolicyReading {
  const reading = secretPolicyOf(record, underneath);
  const { calendar = {}, ownCalendar = {}, calendarReader: reader } = reading.secretPolicy;
  const problem = ownCalendarProblem({ settings: calendar, own: ownCalendar, reader }, now);
  if (problem === undefined) return reading;
  return { ...reading, problems: [...reading.problems, `${annotationOf('policy')}: ${problem}`] };
}

/** The policy under what an annotation asks for, as far as the rules let it (I17). What they do not let is reported. */
export function tightened(underneath: SecretPolicy, fields: Readonly<Record<string, unknown>>): SecretPolicyReading {
  const given: Partial<Record<string, unknown>> = { ...underneath.checks, ...underneath.rotation, ...underneath.mint };
  const problems: string[] = [];
  const allowed = Object.entries(fields).filter(([field, set]) => {
    if (!isSecretPolicyField(field) || secretPolicyProblem(field, set, underneath.calendarReader) !== undefined)
      return true;
    const problem = ruleProblem(field, { set, given: given[field], choices: underneath });
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  const laid = layOver({ ...underneath, calendar: underneath.ownCalendar }, Object.fromEntries(allowed));
  const { calendar: ownCalendar, ...others } = laid.secretPolicy;
  const secretPolicy = { ...others, calendar: underneath.calendar, ownCalendar };
  return { secretPolicy, problems: [...laid.problems, ...problems] };
}

/** A policy with some fields replaced; those that cannot be are named, and what does not fit together as well. */
export function layOver(underneath: SecretPolicy, fields: Readonly<Record<string, unknown>>): SecretPolicyReading {
  const problems: string[] = [];
  const overrides: Partial<Record<SecretPolicyField, unknown>> = {};
  for (const [field, set] of Object.entries(fields)) {
    if (!isSecretPolicyField(field)) {
      problems.push(`unknown field "${field}"; known: ${SECRET_POLICY_FIELDS.join(', ')}`);
      continue;
    }
    const problem = secretPolicyProblem(field, set, underneath.calendarReader);
    if (problem === undefined) overrides[field] = set;
    else problems.push(problem);
  }
  const calendar = { ...underneath.calendar, ...fieldsOf(CALENDAR_FORMS, overrides, isText) };
  const secretPolicy: SecretPolicy = {
    ...underneath,
    checks: { ...underneath.checks, ...fieldsOf(CHECK_POLICY_BOUNDS, overrides, isNumber) },
    rotation: { ...underneath.rotation, ...fieldsOf(ROTATION_POLICY_BOUNDS, overrides, isNumber) },
    mint: { ...underneath.mint, ...mintPolicyOf(fieldsOf(MINT_FORMS, overrides, isText)) },
    ...(Object.keys(calendar).length === 0 ? {} : { calendar }),
  };
  const { drainHoursMin, drainHoursMax } = secretPolicy.rotation;
  if (drainHoursMin <= drainHoursMax) return { secretPolicy, problems };
  const problem = `drainHoursMin (${drainHoursMin}) is more than drainHoursMax (${drainHoursMax}), so no drain could end`;
  return { secretPolicy: { ...secretPolicy, rotation: underneath.rotation }, problems: [...problems, problem] };
}

/** The overrides of one table's fields, as far as they are of the kind that it wants. */
function fieldsOf<Field extends string, Value>(
  table: Readonly<Record<Field, unknown>>,
  overrides: Readonly<Record<string, unknown>>,
  isWanted: (value: unknown) => value is Value,
): Partial<Record<Field, Value>> {
  const fields: Partial<Record<Field, Value>> = {};
  for (const field in table) {
    const value = overrides[field];
    if (isWanted(value)) fields[field] = value;
  }
  return fields;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';

function isSecretPolicyField(name: string): name is SecretPolicyField {
  return (
    isIn(CHECK_POLICY_BOUNDS, name) ||
    isIn(ROTATION_POLICY_BOUNDS, name) ||
    isIn(MINT_FORMS, name) ||
    isIn(CALENDAR_FORMS, name)
  );
}

function isIn<Field extends string>(table: Readonly<Record<Field, unknown>>, name: string): name is Field {
  return Object.hasOwn(table, name);
}
