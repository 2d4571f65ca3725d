import type { SharedKey } from '../app/listing/shared-key.ts';
import { rotationJson } from '../app/on-record/status-json.ts';
import type { OtherStarted } from '../app/rotation/holders-too.ts';
import { isNotBegun, type Started } from '../app/rotation/start.ts';
import type { Halt } from '../app/rotation/tick.ts';
import { isHeldBusy } from '../core/record/journal.ts';
import { isoOf } from '../core/values/time.ts';
import type { Reply } from './http.ts';

/** Name and version of what the function `rotate` answers. */
export const ROTATION_SCHEMA = 'key-warden/rotation/v1';

/** What came of it on the way, besides where it stands. */
interface Ends {
  readonly failure?: string | undefined;
  readonly leak?: string | undefined;
}

/** Where a rotation stands after what was asked for, as it is answered. */
export function whereabouts(step: Halt, { failure, leak }: Ends) {
  const { did, journal } = step;
  return {
    rotation: rotationJson(journal),
    did,
    ...('until' in step ? { until: isoOf(step.until) } : {}),
    why: failure ?? leak ?? step.why,
    givenUp: failure !== undefined,
    leakOpen: leak !== undefined,
    stillUsed: journal !== undefined && journal.phase !== 'resting' && isHeldBusy(journal),
  };
}

interface Told {
  readonly secret: string;
  readonly shared?: SharedKey;
  readonly others?: readonly OtherStarted[];
  /** What was said of the date on which a shared key is deleted. */
  readonly deletion?: string | undefined;
}

/** What became of a request to rotate, as it is answered. */
export function replyOf(
  { secret, shared, others = [], deletion }: Told,
  started: Started,
  failure?: string,
  leak?: string,
): Reply {
  const { outcome } = started;
  switch (outcome) {
    case 'unmanaged':
      return { status: 422, why: `${secret}: ${started.why}` };
    case 'busy': {
      const error = { code: 409, message: `${secret}: ${started.why}` };
      return { status: 409, body: { error, rotation: rotationJson(started.journal) } };
    }
    case 'finished':
      return {
        status: 202,
        body: { schema: ROTATION_SCHEMA, secret, outcome, rotation: { id: started.rotation }, why: started.why },
      };
    case 'begun':
    case 'same':
    case 'hurried': {
      const { step } = started;
      const message = `${secret}: ${step.why}`;
      if (isNotBegun(step)) return { status: 422, body: { error: { code: 422, message }, notBegun: true } };
      return {
        status: 202,
        body: {
          schema: ROTATION_SCHEMA,
          secret,
          outcome,
          ...whereabouts(step, { failure, leak }),
          ...(shared === undefined ? {} : { holders: shared.holders, holdersNotLooked: shared.notLooked }),
          ...(others.length === 0 ? {} : { others: others.map(otherJson) }),
          ...(deletion === undefined ? {} : { deletion }),
        },
      };
    }
  }
}

/** Another holder of the key that was asked to follow: where its rotation stands, or why it has none. */
function otherJson(other: OtherStarted) {
  const { secret } = other;
  if (other.is === 'failed') return { secret, outcome: other.is, why: other.why };
  const { started } = other;
  switch (started.outcome) {
    case 'unmanaged':
      return { secret, outcome: started.outcome, why: started.why };
    case 'finished':
      return { secret, outcome: started.outcome, rotation: { id: started.rotation }, why: started.why };
    case 'busy':
      return { secret, outcome: started.outcome, rotation: rotationJson(started.journal), why: started.why };
    case 'begun':
    case 'same':
    case 'hurried': {
      const { journal, why } = started.step;
      return { secret, outcome: started.outcome, rotation: rotationJson(journal), why };
    }
  }
}
