import type { SharedKey } from '../app/listing/shared-key.ts';
import { rotationJson } from '../app/on-record/status-json.ts';
import { isNotBegun, type Started } from '../app/rotation/start.ts';
import type { Reply } from './http.ts';

/** Name and version of what the function `rotate` answers. */
export const ROTATION_SCHEMA = 'key-warden/rotation/v1';

/** What became of a request to rotate, as it is answered. */
export function replyOf(
  { secret, shared }: { readonly secret: string; readonly shared?: SharedKey },
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
      if (isNotBegun(step)) return { status: 422, why: `${secret}: ${step.why}` };
      return {
        status: 202,
        body: {
          schema: ROTATION_SCHEMA,
          secret,
          outcome,
          rotation: rotationJson(step.journal),
          why: failure ?? leak ?? step.why,
          givenUp: failure !== undefined,
          ...(shared === undefined ? {} : { holders: shared.holders }),
        },
      };
    }
  }
}
