import { STATUS, ROTATE_AT_ONCE } from '../causes/commands.ts';
import type { Step } from '../causes/step.ts';
import { freeText } from '../key/free-text.ts';
import { isRecord, type JsonRecord } from '../values/json.ts';

/** What became of an emergency that a report of a leak asked the worker for. */
export const EMERGENCY_ENDS = ['begun', 'under_way', 'refused', 'unknown'] as const;

/** `under_way`: a rotation was in flight already; `unknown`: no answer that says it, so that asking again may help. */
export interface LeakEmergency {
  readonly is: (typeof EMERGENCY_ENDS)[number];
  /** In words, for whoever is called. */
  readonly why: string;
  readonly rotation?: string | undefined;
}

/** Its words come from where the worker runs, or from what stands in front of it. */
const WHY_CHARACTERS_MAX = 400;

/** What the worker answered, as it is told. */
export function emergencyIn(status: number, body: JsonRecord | undefined): LeakEmergency {
  const error = isRecord(body?.['error']) ? body['error'] : {};
  const flight = isRecord(body?.['rotation']) ? body['rotation'] : {};
  const rotation = typeof flight['id'] === 'string' ? flight['id'] : undefined;
  const words = error['message'] ?? body?.['why'];
  const said = typeof words === 'string' ? freeText(words, WHY_CHARACTERS_MAX) : '';
  if (said !== '' && status === 202) return taken(body, said, rotation);
  if (said === '' || status === 202)
    return { is: 'unknown', why: `the worker was asked and did not answer (${status})` };
  if (status === 409 && rotation !== undefined) return { is: 'under_way', why: said, rotation };
  return { is: PASSES.includes(status) ? 'unknown' : 'refused', why: said };
}

/** A write that somebody else’s crossed, and a service that did not answer. */
const PASSES: readonly number[] = [409, 503];

function taken(body: JsonRecord | undefined, said: string, rotation: string | undefined): LeakEmergency {
  if (body?.['outcome'] === 'finished')
    return { is: 'refused', why: `an earlier report began one, which is over: ${said}`, rotation };
  if (body?.['givenUp'] === true) return { is: 'refused', why: `it was given up: ${said}`, rotation };
  const isOver = isRecord(body?.['rotation']) && body['rotation']['phase'] === 'resting' && body['leakOpen'] !== true;
  return { is: 'begun', why: isOver ? 'consumers get a new key, and the old one is deleted' : said, rotation };
}

/** What became of it, in half a sentence. */
export function emergencyText({ is, why, rotation }: LeakEmergency): string {
  const named = rotation === undefined ? '' : ` (${rotation})`;
  switch (is) {
    case 'begun':
      return `the emergency is begun${named}: ${why}`;
    case 'under_way':
      return `no further emergency is begun, for a rotation is in flight: ${why}`;
    case 'refused':
      return `no emergency is begun: ${why}`;
    case 'unknown':
      return `whether an emergency is begun is not known: ${why}`;
  }
}

/** What a person does then: look, or begin what nobody began. */
export function afterEmergency(emergency: LeakEmergency | undefined): Step {
  switch (emergency?.is) {
    case 'begun':
    case 'under_way':
      return { for: 'worker-operator', do: 'See how the rotation in flight stands', command: STATUS };
    case 'refused':
    case 'unknown':
    case undefined:
      return {
        for: 'worker-operator',
        do: 'Rotate without waiting for the old key to fall idle',
        command: ROTATE_AT_ONCE,
      };
  }
}
