import { ACTOR_KNOWN } from '../../src/core/record/actor.ts';
import { SECRET_POLICY_FIELDS } from '../../src/core/settings/secret-policy.ts';
import { POLICY_ANNOTATION } from '../../src/core/record/policy-text.ts';
import { KEY_KINDS } from '../../src/core/key/key-text.ts';
import { FORM_KINDS } from '../../src/core/key/stored-form.ts';
import { CAUSES, SEVERITIES } from '../../src/core/causes/causes.ts';
import { HEALTH_ANNOTATION } from '../../src/core/record/health-text.ts';
import { EPISODE_OPENINGS, HEALTH_STATES } from '../../src/core/record/health-state.ts';
import {
  ALONE,
  CANDIDATES,
  DRAIN_USES,
  DUE_BECAUSE,
  ROTATION_REASONS,
  STEERINGS,
  WISHES,
} from '../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { ALIAS_STATES } from '../../src/core/record/last-current.ts';
import { annotationOf } from '../../src/core/record/secret-record.ts';
import { HISTORY_ANNOTATION, OUTCOMES } from '../../src/core/record/ledger.ts';
import { OUTBOX_FORM, TOLD_STEPS } from '../../src/core/record/outbox.ts';
import { MINTED_KEY_KINDS, ON_OR_OFF } from '../../src/core/record/mint-policy.ts';
import { ACTS, PHASES } from '../../src/core/record/phases.ts';
import type { ClosedSet } from './frozen.ts';

/** Every closed set of which a word is stored, by the field that holds it. */
export const CLOSED_SETS: readonly ClosedSet[] = [
  { annotation: ROTATION_ANNOTATION, field: 'phase', members: PHASES },
  { annotation: ROTATION_ANNOTATION, field: 'act', members: ACTS },
  { annotation: ROTATION_ANNOTATION, field: 'reason', members: ROTATION_REASONS },
  { annotation: ROTATION_ANNOTATION, field: 'candidate', members: CANDIDATES },
  { annotation: ROTATION_ANNOTATION, field: 'keyKind', members: MINTED_KEY_KINDS },
  { annotation: ROTATION_ANNOTATION, field: 'dropTargets', members: ON_OR_OFF },
  { annotation: ROTATION_ANNOTATION, field: 'is', members: FORM_KINDS },
  { annotation: ROTATION_ANNOTATION, field: 'alone', members: ALONE },
  { annotation: ROTATION_ANNOTATION, field: 'wish', members: WISHES },
  { annotation: ROTATION_ANNOTATION, field: 'to', members: STEERINGS },
  { annotation: ROTATION_ANNOTATION, field: 'use', members: DRAIN_USES },
  { annotation: ROTATION_ANNOTATION, field: 'reason', members: DUE_BECAUSE },
  { annotation: HEALTH_ANNOTATION, field: 'is', members: HEALTH_STATES },
  { annotation: HEALTH_ANNOTATION, field: 'keyKind', members: KEY_KINDS },
  { annotation: HEALTH_ANNOTATION, field: 'cause', members: Object.keys(CAUSES) },
  { annotation: HEALTH_ANNOTATION, field: 'severity', members: SEVERITIES },
  { annotation: HEALTH_ANNOTATION, field: 'untold', members: EPISODE_OPENINGS },
  { annotation: HISTORY_ANNOTATION, field: 'reason', members: ROTATION_REASONS },
  { annotation: ROTATION_ANNOTATION, field: 'is', members: ACTOR_KNOWN },
  { annotation: HISTORY_ANNOTATION, field: 'is', members: ACTOR_KNOWN },
  { annotation: HISTORY_ANNOTATION, field: 'outcome', members: OUTCOMES },
  { annotation: annotationOf('lastCurrent'), field: 'is', members: ALIAS_STATES },
  { annotation: OUTBOX_FORM.annotation, field: 'step', members: TOLD_STEPS },
  { annotation: POLICY_ANNOTATION, field: 'keyKind', members: MINTED_KEY_KINDS },
  { annotation: POLICY_ANNOTATION, field: 'dropTargets', members: ON_OR_OFF },
  // People wrote these names: one that was renamed would be ignored, and the secret looked after otherwise than they asked.
  { annotation: POLICY_ANNOTATION, members: SECRET_POLICY_FIELDS },
];
