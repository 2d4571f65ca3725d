import { ACTOR_KNOWN } from '../../../src/core/record/actor.ts';
import { objectSchema, TEXT, type JsonSchema } from '../event-schema-detail.ts';

export const MOMENT: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
export const MOMENT_OR_NULL: JsonSchema = { anyOf: [MOMENT, { type: 'null' }] };
export const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
export const VERSION: JsonSchema = { type: 'integer', minimum: 1 };
export const FLAG: JsonSchema = { type: 'boolean' };
export const TEXTS: JsonSchema = { type: 'array', items: TEXT };
export const SECRET: JsonSchema = { type: 'string', pattern: '^projects/[^/]+(/locations/[^/]+)?/secrets/[^/]+$' };
export const ACTOR = objectSchema({ who: TEXT, is: { enum: ACTOR_KNOWN } }, ['who', 'is']);
/** An array of these. */
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** How many there are of each. */
export const counts = (words: readonly string[]) =>
  objectSchema(Object.fromEntries(words.map((word) => [word, COUNT])), words);

/** The closed set of a field's words, which the compiler holds against its type: `words({ at_rest: true, … } satisfies Record<Outcome, true>)`. */
export const words = (set: Readonly<Record<string, true>>): JsonSchema => ({ enum: Object.keys(set) });

/** Some other secret that serves the same key. */
export const HOLDERS = list(
  objectSchema({ secret: SECRET, version: VERSION, readAs: TEXT }, ['secret', 'version', 'readAs']),
);

/** A step of a remedy, as `check` and `explain` print it. */
export const STEPS = list(objectSchema({ do: TEXT, for: TEXT }, ['for']));

/** A freeze as every command tells it. */
export const FREEZE = objectSchema({ id: TEXT, about: TEXT, until: MOMENT, owner: TEXT, reason: TEXT }, [
  'id',
  'about',
  'until',
  'owner',
  'reason',
]);
