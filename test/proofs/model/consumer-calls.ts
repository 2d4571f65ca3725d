import type { Roll } from '../../../src/app/ports/consumers.ts';
import type { Revisable, Revision } from '../../../src/app/ports/reviser.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { Effect } from './calls.ts';
import type { World } from './world.ts';

/** A service of Cloud Run whose variable names `current`: each instance reads the alias when it starts, and keeps what it read. */
export interface ModelConsumer {
  readonly etag: number;
  /** The version that its serving instances hold. */
  readonly holds: number;
  /** When the revision was made that serves. */
  readonly since: number;
  /** What its template and itself say of ours. */
  readonly reached?: string | undefined;
  readonly undone?: string | undefined;
  /** How the newest revision fares, and what its first instance read. */
  readonly newest: 'ready' | 'starting' | 'failed';
  readonly reads: number;
  readonly changedAt: number;
  /** What workers made revisions for since a person deployed last (I19). */
  readonly given: readonly string[];
}

const NAME = 'projects/1/locations/r/services/app';
const READ = {
  secret: { project: '1', secret: 's', location: 'global' },
  version: 'current',
  by: 'variable',
  at: 'GEMINI_API_KEY',
} as const;

/** One that serves since long ago what the alias says. */
export function consumerOf({ secret, etags }: World): ModelConsumer {
  const holds = secret.aliases['current'] ?? 0;
  return { etag: etags, holds, since: 0, newest: 'ready', reads: holds, changedAt: 0, given: [] };
}

/** Everybody that names the secret: the one, or nobody. */
export function rolled({ consumer }: World): Roll {
  const running = { name: 'app-1', since: instantOf(consumer?.since ?? 0), share: 100, reads: [READ] };
  const one = { kind: 'service', name: NAME, project: '1', region: 'r', labels: {}, deployedBy: 'hand' } as const;
  const consumers = consumer === undefined ? [] : [{ ...one, template: [READ], running: [running], follows: true }];
  return { consumers, notLooked: [], barred: false };
}

/** A look at it, with the etag that guards changing it. */
export function lookedAt(world: World): Effect {
  const { consumer } = world;
  if (consumer === undefined) return { world, fault: 'not_found' };
  const { etag, reached, undone, newest, changedAt } = consumer;
  const state = newest === 'starting' ? 'underway' : newest;
  const answer: Revisable = {
    name: NAME,
    resource: { etag: String(etag) },
    reached,
    undone,
    state,
    changedAt: instantOf(changedAt),
  };
  return { world, answer };
}

/** A new revision of it, under its etag. */
export function revise(world: World, { resource }: Revisable, { reached, undone }: Revision): Effect {
  const { consumer } = world;
  if (consumer === undefined) return { world, fault: 'not_found' };
  if (resource['etag'] !== String(consumer.etag)) return { world, fault: 'stale' };
  const given = [...consumer.given, reached ?? `back from ${undone}`];
  return { world: deployed(world, { ...consumer, reached, undone, given }) };
}

/** Somebody deploys it, and knows nothing of our mark on its template. */
export function deployedByHand(world: World, consumer: ModelConsumer): World {
  return deployed(world, { ...consumer, reached: undefined, given: [] });
}

function deployed(world: World, consumer: ModelConsumer): World {
  const etag = world.etags + 1;
  const reads = world.secret.aliases['current'] ?? consumer.holds;
  return { ...world, etags: etag, consumer: { ...consumer, etag, reads, newest: 'starting', changedAt: world.now } };
}

/** The newest revision is ready, and has the traffic; or it is not, and what served before goes on. */
export function cameUp(world: World, consumer: ModelConsumer, isReady: boolean): World {
  const { reads: holds, changedAt: since } = consumer;
  const after = isReady ? { holds, since, newest: 'ready' as const } : { newest: 'failed' as const };
  return { ...world, consumer: { ...consumer, ...after } };
}

/** An instance of the revision that serves is started anew, and reads the alias once more. */
export function startedAnew(world: World, consumer: ModelConsumer): World {
  return { ...world, consumer: { ...consumer, holds: world.secret.aliases['current'] ?? consumer.holds } };
}
