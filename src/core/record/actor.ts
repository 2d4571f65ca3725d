import { freeText } from '../key/free-text.ts';
import { oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import type { JsonRecord } from '../values/json.ts';
import { clipBytes } from '../values/utf8.ts';

/** How it is known who asked: by a verified token, or because a person said so at a command line of their own. */
export const ACTOR_KNOWN = ['verified', 'claimed'] as const;

/** Who asked for something: `{ who: 'ci@ops-prod.iam.gserviceaccount.com', is: 'verified' }`. Nothing is granted by it. */
export interface Actor {
  readonly who: string;
  readonly is: (typeof ACTOR_KNOWN)[number];
}

/** As records hold an actor. */
export const ACTOR: Decoder<Actor> = shaped<Actor>({ who: text, is: oneOf(ACTOR_KNOWN) });

/** The longest name of a service account has 85 bytes. */
const WHO_BYTES_MAX = 86;

/** An actor as it may be written down, for a claimed name is any text; absent where the worker began by itself. */
export function actorJson(actor: Actor | undefined): JsonRecord | undefined {
  return actor === undefined ? undefined : { who: nameOf(actor), is: actor.is };
}

/** An actor in words: `jane (claimed)`. */
export function spokenActor(actor: Actor): string {
  return `${nameOf(actor)} (${actor.is})`;
}

function nameOf({ who }: Actor): string {
  return clipBytes(freeText(who, WHO_BYTES_MAX), WHO_BYTES_MAX);
}
