import { SECRET_POLICY_FIELDS, POLICY_ANNOTATION } from '../../src/core/settings/secret-policy.ts';
import { CAUSES, type Severity } from '../../src/core/causes/causes.ts';
import type { Episode, Health } from '../../src/core/health/health.ts';
import { HEALTH_ANNOTATION } from '../../src/core/record/health-text.ts';
import type { Candidate, Drain, Reason, Wish } from '../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { HISTORY_ANNOTATION, type Past } from '../../src/core/record/ledger.ts';
import type { KeyKindToMint, OnOrOff } from '../../src/core/record/mint-policy.ts';
import { ROTATION } from '../../src/core/rotation/rotation.ts';
import type { ClosedSet } from './frozen.ts';

const REASONS = membersOf<Reason>({
  request: true,
  schedule: true,
  age: true,
  dead: true,
  leaked: true,
  added: true,
  rollback: true,
});
const KEY_KINDS = membersOf<KeyKindToMint>({ auth: true, standard: true });
const ON_OR_OFF = membersOf<OnOrOff>({ on: true, off: true });

/** Every closed set of which a word is stored, by the field that holds it. */
export const CLOSED_SETS: readonly ClosedSet[] = [
  { annotation: ROTATION_ANNOTATION, field: 'phase', members: Object.keys(ROTATION) },
  { annotation: ROTATION_ANNOTATION, field: 'act', members: Object.values(ROTATION).map(({ act }) => act) },
  { annotation: ROTATION_ANNOTATION, field: 'reason', members: REASONS },
  {
    annotation: ROTATION_ANNOTATION,
    field: 'candidate',
    members: membersOf<Candidate>({ minted: true, supplied: true, adopted: true }),
  },
  { annotation: ROTATION_ANNOTATION, field: 'keyKind', members: KEY_KINDS },
  { annotation: ROTATION_ANNOTATION, field: 'dropTargets', members: ON_OR_OFF },
  { annotation: ROTATION_ANNOTATION, field: 'wish', members: membersOf<Wish>({ abort: true, rollback: true }) },
  {
    annotation: ROTATION_ANNOTATION,
    field: 'use',
    members: membersOf<Drain['use']>({ idle: true, busy: true, unknown: true }),
  },
  {
    annotation: HEALTH_ANNOTATION,
    field: 'is',
    members: membersOf<Health['is']>({ well: true, suspect: true, sick: true, mending: true }),
  },
  { annotation: HEALTH_ANNOTATION, field: 'cause', members: Object.keys(CAUSES) },
  {
    annotation: HEALTH_ANNOTATION,
    field: 'severity',
    members: membersOf<Severity>({ info: true, warning: true, error: true, critical: true }),
  },
  {
    annotation: HEALTH_ANNOTATION,
    field: 'untold',
    members: membersOf<NonNullable<Episode['untold']>>({ 'key.unhealthy': true, 'key.unclear': true }),
  },
  { annotation: HISTORY_ANNOTATION, field: 'reason', members: REASONS },
  {
    annotation: HISTORY_ANNOTATION,
    field: 'outcome',
    members: membersOf<Past['outcome']>({ completed: true, abandoned: true }),
  },
  { annotation: POLICY_ANNOTATION, field: 'keyKind', members: KEY_KINDS },
  { annotation: POLICY_ANNOTATION, field: 'dropTargets', members: ON_OR_OFF },
  // People wrote these names: one that was renamed would be ignored, and the secret looked after otherwise than they asked.
  { annotation: POLICY_ANNOTATION, members: SECRET_POLICY_FIELDS },
];

/** The members of a set that is a type only: one that is forgotten here does not compile. */
function membersOf<Member extends string>(members: Readonly<Record<Member, true>>): readonly string[] {
  return Object.keys(members);
}
