import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { askedOf } from '../../../src/app/rotation/wishes.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { afterAbort } from '../../../src/core/rotation/plan.ts';
import { writeJournal } from '../../support/annotations.ts';
import type { Call } from './calls.ts';
import { journalOf, lastCurrentOf } from './invariants.ts';
import type { ModelForm } from './stored.ts';
import { add } from './vault-calls.ts';
import { cameUp, deployedByHand, startedAnew } from './consumer-calls.ts';
import { undeleteKey } from './issuer-calls.ts';
import { OLD_KEY, PERSON_KEY, type Job, type ModelVersion, type World } from './world.ts';

/** One way the world can go on, with a word for the path that is printed when something is wrong. */
export interface Move {
  readonly label: string;
  readonly world: World;
  readonly call?: Call;
}

/** What others do in a search, besides adding a version and asking for something. */
export interface Others {
  /** Another tool writes the old key back. */
  readonly writers?: boolean;
  /** Somebody takes `current` away. */
  readonly takers?: boolean;
  /** Somebody sets an alias of their own on the old version. */
  readonly readers?: boolean;
  /** Somebody reads the old version by its number, and may be moved away from it. */
  readonly pins?: boolean;
  /** Somebody adds versions that consumers cannot parse. */
  readonly misformers?: boolean;
  /** A person does by hand what the runbook says of a new key that turns out bad: enable the old version, make it current. */
  readonly hands?: boolean;
  /** The other secret gets a key of its own, or is given the old one again. */
  readonly holders?: boolean;
  /** Somebody takes the deletion of the old key back. */
  readonly revivers?: boolean;
  /** Somebody deploys the consumer. */
  readonly deployers?: boolean;
  /** A revision of the consumer may not come up. */
  readonly unready?: boolean;
}

/** Whether some worker is at one of these calls right now, which nothing fences (docs/limits.md). */
export type IsAt = (calls: readonly string[]) => Promise<boolean>;

/** What becomes of the consumer by itself; that its newest revision does not come up costs a move, where that may be. */
export function consumerMoves(world: World, { unready }: Others): readonly Move[] {
  const { consumer, left } = world;
  if (consumer === undefined) return [];
  const moves: Move[] = [];
  if (consumer.newest === 'starting') {
    moves.push({ label: 'the revision of the consumer is ready', world: cameUp(world, consumer, true) });
    if (unready === true && left.persons > 0)
      moves.push({
        label: 'the revision of the consumer does not come up',
        world: cameUp({ ...world, left: { ...left, persons: left.persons - 1 } }, consumer, false),
      });
  }
  if (consumer.holds !== (world.secret.aliases['current'] ?? consumer.holds))
    moves.push({ label: 'an instance of the consumer is started anew', world: startedAnew(world, consumer) });
  return moves;
}

/** Everything that people and other tools may do to a world now, each at the cost of one of their moves. */
export async function personMoves(world: World, others: Others, isAt: IsAt): Promise<readonly Move[]> {
  if (world.left.persons === 0) return [];
  const spent = { ...world, left: { ...world.left, persons: world.left.persons - 1 } };
  const isDisabling = await isAt(['vault.disable']);
  return [
    ...additions(spent, others),
    ...(others.takers === true ? withoutCurrent(spent) : []),
    ...(others.holders === true ? elsewhere(spent) : []),
    ...(others.revivers === true ? revived(spent) : []),
    ...(others.deployers === true && spent.consumer !== undefined
      ? [{ label: 'a person deploys the consumer', world: deployedByHand(spent, spent.consumer) }]
      : []),
    ...(others.pins === true && spent.isPinned === true ? [unpinned(spent)] : []),
    ...(others.hands === true && !isDisabling ? byHand(spent) : []),
    ...(journalOf(world).phase === 'resting' ? [] : inFlight(spent, others, isDisabling)),
  ];
}

function additions(spent: World, { writers, misformers }: Others): readonly Move[] {
  const form = spent.versions.at(-1)?.form;
  const added = (label: string, key: string, how: ModelForm | undefined): Move => ({
    label,
    world: add(spent, { key, form: how, by: 'person' }).world,
  });
  return [
    added('a person adds a version', PERSON_KEY, form),
    ...(writers === true ? [added('another tool writes the old key back', OLD_KEY, form)] : []),
    ...(misformers === true
      ? [added('a person adds a version in another form', PERSON_KEY, form === 'json' ? undefined : 'json')]
      : []),
  ];
}

function inFlight(spent: World, { readers }: Others, isDisabling: boolean): readonly Move[] {
  const journal = journalOf(spent);
  if (journal.phase === 'resting') return [];
  const wishes = WISHES.filter((wish) => isHeard(wish, journal, spent)).map((wish): Move => {
    const text = writeJournal(askedOf(journal, wish)) ?? '';
    const annotations = { ...spent.secret.annotations, [ROTATION_ANNOTATION]: text };
    return { label: `a person asks for ${wish}`, world: written(spent, { annotations }) };
  });
  // Nothing fences an alias that is moved while a disable is on its way.
  if (isDisabling) return wishes;
  return [
    ...wishes,
    ...(readers === true ? pinned(spent, journal.from) : []),
    ...(journal.phase === 'abandoned' ? taken(spent, journal.to) : []),
    ...back(spent, journal),
  ];
}

const WISHES = ['abort', 'rollback', 'resume'] as const;

/** What a command line refuses is not written. */
function isHeard(wish: (typeof WISHES)[number], journal: InFlight, { secret }: World): boolean {
  if (wish === 'resume') return journal.held;
  return wish !== 'abort' || afterAbort(journal, secret.aliases['current']) !== undefined;
}

function written(spent: World, change: Partial<World['secret']>): World {
  const etag = spent.etags + 1;
  return { ...spent, etags: etag, secret: { ...spent.secret, ...change, etag } };
}

/** Where the alias comes back to where a worker left it, nobody can see that it was away. */
function moved(spent: World, label: string, to: number): Move {
  const aliases = { ...spent.secret.aliases, current: to };
  return { label, world: { ...written(spent, { aliases }), personMoved: to !== lastCurrentOf(spent) } };
}

/** The new key works, and a person wants the old one back. */
function back(
  spent: World,
  { from, to }: { readonly from: number; readonly to?: number | undefined },
): readonly Move[] {
  if (spent.secret.aliases['current'] !== to || to === undefined) return [];
  const old = spent.versions.find(({ number }) => number === from);
  return old?.state === 'enabled' ? [moved(spent, 'a person moves current back', from)] : [];
}

/** A person makes the new version current, although its rotation is being given up. */
function taken(spent: World, to: number | undefined): readonly Move[] {
  const { current } = spent.secret.aliases;
  const version = spent.versions.find(({ number }) => number === to);
  if (current === undefined || current === to || version?.state !== 'enabled') return [];
  return [moved(spent, 'a person moves current to the new version', version.number)];
}

/** Somebody takes the alias away, as a tool does that knows nothing of it; where a person had moved it to, nobody can see then. */
function withoutCurrent(spent: World): readonly Move[] {
  const { current, ...aliases } = spent.secret.aliases;
  if (current === undefined) return [];
  return [{ label: 'somebody takes current away', world: { ...written(spent, { aliases }), personMoved: false } }];
}

/** Somebody reads the old version by an alias of their own from now on. */
function pinned(spent: World, from: number): readonly Move[] {
  if (spent.secret.aliases['theirs'] === from) return [];
  const aliases = { ...spent.secret.aliases, theirs: from };
  return [{ label: 'somebody moves an alias of theirs to the old version', world: written(spent, { aliases }) }];
}

function unpinned(spent: World): Move {
  return { label: 'the reader by number is pointed at current', world: { ...spent, isPinned: false } };
}

/** What the runbook prints: enable a version, then make it current. Never while a worker is about to disable one. */
function byHand(spent: World): readonly Move[] {
  const { current } = spent.secret.aliases;
  const ours = spent.versions.filter(({ number, key }) => number !== current && key !== 'elder');
  return ours.map((version) =>
    version.state === 'enabled'
      ? moved(spent, `a person makes version ${version.number} current`, version.number)
      : { label: `a person enables version ${version.number}`, world: enabled(spent, version) },
  );
}

function enabled(spent: World, version: ModelVersion): World {
  const etag = spent.etags + 1;
  const versions = spent.versions.map((one) => (one === version ? { ...one, state: 'enabled' as const, etag } : one));
  return { ...spent, etags: etag, versions };
}

/**
 * The other secret is rotated by whoever owns it, who leaves the old version enabled for a while, or an old backup of it is
 * restored. Nothing fences that while a purge or a watch looks.
 */
function elsewhere(spent: World): readonly Move[] {
  const { latest, before } = spent.ads ?? {};
  if (latest === undefined) return [];
  if (latest === OLD_KEY)
    return [
      {
        label: 'the other secret gets a key of its own beside the old one',
        world: { ...spent, ads: { latest: 'ads', before: OLD_KEY } },
      },
    ];
  return [
    ...(before === undefined
      ? []
      : [{ label: 'the old version of the other secret is disabled', world: { ...spent, ads: { latest } } }]),
    ...(isDoing(spent, 'purge') || isDoing(spent, 'watch')
      ? []
      : [{ label: 'the other secret gets the old key again', world: { ...spent, ads: { latest: OLD_KEY } } }]),
  ];
}

/** Somebody undeletes the old key in the console. Between a look at its leak and the note of that, nobody can see it. */
function revived(spent: World): readonly Move[] {
  const old = spent.keys.find(({ id }) => id === OLD_KEY);
  if (old?.deletedAt === undefined || isDoing(spent, 'watch')) return [];
  return [{ label: 'somebody undeletes the old key', world: undeleteKey(spent, old).world }];
}

function isDoing({ workers }: World, job: Job): boolean {
  return workers.some((worker) => worker.job === job && worker.log !== undefined);
}
