import { ApiError } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';

/** Long-running operations of the API Keys API: the effect is immediate, the answer may take its time. */
export interface Operations {
  /** Starts one for a project number; `response` is what it will answer. */
  start(project: string, response: JsonObject, now: number): JsonObject;
  /** NOT_FOUND for a name that was never given out. */
  get(name: string, now: number): JsonObject;
}

interface Running {
  readonly name: string;
  readonly doneAt: number;
  readonly response: JsonObject;
}

/** `takesMs` of 0 answers every call with an operation that is already done, as production often does. */
export function operations(uuid: () => string, takesMs: () => number): Operations {
  const running = new Map<string, Running>();
  const shown = ({ name, doneAt, response }: Running, now: number): JsonObject => {
    const head = { name, metadata: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };
    if (now < doneAt) return head;
    return { ...head, done: true, response: { '@type': 'type.googleapis.com/google.api.apikeys.v2.Key', ...response } };
  };
  return {
    start(project, response, now) {
      const operation = { name: `operations/akmf.p7-${project}-${uuid()}`, doneAt: now + takesMs(), response };
      running.set(operation.name, operation);
      return shown(operation, now);
    },
    get(name, now) {
      const operation = running.get(name);
      if (operation === undefined) throw new ApiError('NOT_FOUND', 'Requested entity was not found.');
      return shown(operation, now);
    },
  };
}
