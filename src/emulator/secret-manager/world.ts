import { microsOf, type MovableClock } from '../world/clock.ts';
import type { Caller, Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import type { TopicBoard } from '../world/topics.ts';
import type { Micros } from '../wire/rest/micros.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import type { Outbox } from './events.ts';
import type { SecretStore } from './store.ts';

/** How far readers may lag behind, in milliseconds. All 0 by default: reads see every write at once. */
export interface Lag {
  /** Aliases and `latest`. */
  readonly aliasLagMs: number;
  /** The state of a version as AccessSecretVersion sees it. */
  readonly stateLagMs: number;
  /** From a change of a global secret to its event; regional secrets' events come at once. */
  readonly eventDelayMs: number;
}

export const NO_LAG: Lag = { aliasLagMs: 0, stateLagMs: 0, eventDelayMs: 0 };

/** Everything the calls of the pretend Secret Manager work on. */
export interface World {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly topics: TopicBoard;
  readonly iam: Iam;
  readonly secrets: SecretStore;
  readonly outbox: Outbox;
  /** The present, later than at every call before: no two writes share a moment or an etag. */
  tick(): Micros;
  lag(): Lag;
}

/** One rpc: a request message in protobuf's JSON form in, the answer in the same form out. Throws `ApiError`. */
export type Rpc = (world: World, caller: Caller, request: unknown) => JsonObject;

/** The present for comparisons; unlike `tick` it may repeat itself. */
export function nowOf(world: World): Micros {
  return microsOf(world.clock);
}
