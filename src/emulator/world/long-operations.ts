import { ApiError, HTTP_STATUS } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';

/** How an operation ended: with what it made, or refused by a `google.rpc.Code`. */
export type Ended = { readonly response: JsonObject } | { readonly code: number; readonly message: string };

/** Long-running operations of a place, as Cloud Run and Cloud Functions share them at one path. */
export interface LongOperations {
  /** Begins one below `projects/P/locations/L`; `metadata` and `outcome` are asked each time that it is shown. */
  begin(parent: string, metadata: () => JsonObject, outcome: () => Ended | undefined): JsonObject;
  /** NOT_FOUND for a name that was never given out. */
  shown(name: string): JsonObject;
  /** Those of a place, oldest first. */
  listed(parent: string): readonly JsonObject[];
}

interface Begun {
  readonly metadata: () => JsonObject;
  readonly outcome: () => Ended | undefined;
  ended?: { readonly metadata: JsonObject; readonly outcome: Ended };
}

/** None yet. What an operation came to stays as it was in the moment in which it ended. */
export function longOperations(uuid: () => string): LongOperations {
  const begun = new Map<string, Begun>();

  const jsonOf = (name: string, operation: Begun): JsonObject => {
    const outcome = operation.ended === undefined ? operation.outcome() : undefined;
    if (outcome !== undefined) operation.ended = { metadata: operation.metadata(), outcome };
    const { ended } = operation;
    if (ended === undefined) return { name, metadata: operation.metadata() };
    const result = 'response' in ended.outcome ? ended.outcome : { error: ended.outcome };
    return { name, metadata: ended.metadata, done: true, ...result };
  };

  return {
    begin(parent, metadata, outcome) {
      const name = `${parent}/operations/${uuid()}`;
      const operation = { metadata, outcome };
      begun.set(name, operation);
      return jsonOf(name, operation);
    },
    shown(name) {
      const operation = begun.get(name);
      if (operation === undefined)
        throw new ApiError('NOT_FOUND', `Operation '${name}' was not found (${HTTP_STATUS.NOT_FOUND}).`);
      return jsonOf(name, operation);
    },
    listed: (parent) =>
      [...begun]
        .filter(([name]) => name.startsWith(`${parent}/operations/`))
        .map(([name, operation]) => jsonOf(name, operation)),
  };
}
