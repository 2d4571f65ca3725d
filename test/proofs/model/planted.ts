import { LEAKS_ANNOTATION } from '../../../src/core/record/leaks.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { ROTATION, type Row } from '../../../src/core/rotation/rotation.ts';
import type { Phase } from '../../../src/core/record/phases.ts';
import { annotationOf } from '../../../src/core/record/secret-record.ts';
import { apply, type Call, type Effect } from './calls.ts';
import { journalOf, retiredIn } from './invariants.ts';
import { bytesOf, valueIn } from './stored.ts';
import { ADS } from './vault-calls.ts';
import type { World } from './world.ts';

/** Runs `work` with one row of THE TABLE changed, to see that the model notices. */
export async function withRow<T>(phase: Phase, change: Partial<Row>, work: () => Promise<T>): Promise<T> {
  const row: Row = ROTATION[phase];
  const honest = { ...row };
  Object.assign(row, change);
  try {
    return await work();
  } finally {
    Object.assign(row, honest);
  }
}

/** A service that forgets that versions have etags. */
export function withoutVersionEtags(world: World, call: Call): Effect {
  const [name, seen] = call.args as readonly [string, { readonly number: number }];
  if (call.method !== 'disable') return apply(world, call);
  const version = world.versions.find(({ number }) => number === seen.number);
  return apply(world, { ...call, args: [name, { ...seen, etag: String(version?.etag) }] });
}

/** A discard that disables whatever is above `from`, also what a person added. */
export function disablingEverythingAbove(world: World, call: Call): Effect {
  const done = apply(world, call);
  const journal = journalOf(world);
  if (call.method !== 'disable' || done.fault !== undefined || journal.phase !== 'abandoned') return done;
  const versions = done.world.versions.map((version) =>
    version.number > journal.from && version.by === 'person' ? { ...version, state: 'disabled' as const } : version,
  );
  return { ...done, world: { ...done.world, versions } };
}

/** A commit that moves `current` back as soon as somebody wants to revert, before `from` is enabled. */
export function movingBackTooEarly(world: World, call: Call): Effect {
  const done = apply(world, call);
  if (call.method !== 'commit' || done.fault !== undefined) return done;
  const journal = journalOf(done.world);
  if (journal.phase !== 'reverting') return done;
  const aliases = { ...done.world.secret.aliases, current: journal.from };
  return { ...done, world: { ...done.world, secret: { ...done.world.secret, aliases } } };
}

/** A commit that forgets whom to tell. */
export function tellingNobody(world: World, call: Call): Effect {
  const done = apply(world, call);
  if (call.method !== 'commit' || done.fault !== undefined) return done;
  const { [OUTBOX_FORM.annotation]: _, ...annotations } = done.world.secret.annotations;
  return { ...done, world: { ...done.world, secret: { ...done.world.secret, annotations } } };
}

/** A look that shows no version above `from` to the write, so that it adds without looking. */
export function addingBlindly(world: World, call: Call): Effect {
  const done = apply(world, call);
  const journal = journalOf(world);
  if (call.method !== 'versions' || journal.phase !== 'minted' || !Array.isArray(done.answer)) return done;
  return {
    ...done,
    answer: (done.answer as readonly { readonly number: number }[]).filter(({ number }) => number <= journal.from),
  };
}

/** A worker that does not remember where it left `current`, and leaves what is written of it where it is. */
export function withoutLastCurrent(world: World, call: Call): Effect {
  const name = annotationOf('lastCurrent');
  const without = (done: Effect): Effect => {
    if (done.answer === undefined) return done;
    const seen = done.answer as { readonly annotations: Readonly<Record<string, string>> };
    const { [name]: _, ...annotations } = seen.annotations;
    return { ...done, answer: { ...seen, annotations } };
  };
  if (call.port !== 'vault') return apply(world, call);
  if (call.method === 'commit') {
    const [seen, change] = call.args as readonly [{ readonly annotations: object }, unknown];
    const annotations = { ...world.secret.annotations, ...seen.annotations };
    return without(apply(world, { ...call, args: [{ ...seen, annotations }, change] }));
  }
  return call.method === 'look' ? without(apply(world, call)) : apply(world, call);
}

/** A worker that forgets which keys were retired. */
export function withoutTombstones(world: World, call: Call): Effect {
  const done = apply(world, call);
  if (call.port !== 'vault' || call.method !== 'commit' || done.fault !== undefined) return done;
  const { [annotationOf('tombstones')]: _, ...annotations } = done.world.secret.annotations;
  const answer = { ...(done.answer as object), annotations };
  return { ...done, answer, world: { ...done.world, secret: { ...done.world.secret, annotations } } };
}

/** A worker that sees no alias of other people, and leaves them where they are. */
export function withoutForeignAliases(world: World, call: Call): Effect {
  if (call.port !== 'vault') return apply(world, call);
  if (call.method === 'commit') {
    const [seen, change] = call.args as readonly [Seen, unknown];
    return blind(
      apply(world, { ...call, args: [{ ...seen, aliases: { ...world.secret.aliases, ...seen.aliases } }, change] }),
    );
  }
  return call.method === 'look' ? blind(apply(world, call)) : apply(world, call);
}

interface Seen {
  readonly aliases: Readonly<Record<string, number>>;
}

function blind(done: Effect): Effect {
  if (done.answer === undefined) return done;
  const { aliases, ...seen } = done.answer as Seen;
  const ours = Object.fromEntries(Object.entries(aliases).filter(([alias]) => alias !== 'theirs'));
  return { ...done, answer: { ...seen, aliases: ours } };
}

/** A purge that finds no other secret under care. */
export function withoutHolders(world: World, call: Call): Effect {
  return call.method === 'list' && call.port === 'vault' ? { world, answer: [] } : apply(world, call);
}

/** A purge that reads of other secrets only what a name leads to. */
export function readingNamesOnly(world: World, call: Call): Effect {
  const [name, version] = call.args;
  const isUnnamed = call.port === 'vault' && call.method === 'read' && name === ADS && typeof version === 'number';
  return isUnnamed ? { world, fault: 'disabled' } : apply(world, call);
}

/** An emergency whose commit forgets that its key leaked. */
export function forgettingLeaks(world: World, call: Call): Effect {
  return withoutLeaks(world, call, () => true);
}

/** A purge that takes a deletion for a death. */
export function closingAtDeletion(world: World, call: Call): Effect {
  return withoutLeaks(world, call, (after) => retiredIn(after).some(({ deletedAt }) => deletedAt !== undefined));
}

function withoutLeaks(world: World, call: Call, isClosed: (after: World) => boolean): Effect {
  const done = apply(world, call);
  if (call.method !== 'commit' || done.fault !== undefined || !isClosed(done.world)) return done;
  const { [LEAKS_ANNOTATION]: _, ...annotations } = done.world.secret.annotations;
  return { ...done, world: { ...done.world, secret: { ...done.world.secret, annotations } } };
}

/** A write of the key alone, whatever stood around the old one. */
export function keepingNoForm(world: World, call: Call): Effect {
  if (call.method !== 'add') return apply(world, call);
  const [name, bytes] = call.args as readonly [string, Uint8Array];
  return apply(world, { ...call, args: [name, bytesOf(valueIn(bytes).key, undefined)] });
}

/** Monitoring that sees no use after the promotion. */
export function withoutMeter(world: World, call: Call): Effect {
  const done = apply(call.port === 'meter' ? { ...world, isPinned: false } : world, call);
  return call.port === 'meter' ? { ...done, world } : done;
}

/** A Cloud Run that forgets that services have etags. */
export function withoutConsumerEtags(world: World, call: Call): Effect {
  if (call.port !== 'reach' || call.method !== 'revise') return apply(world, call);
  const [seen, revision] = call.args as readonly [object, unknown];
  return apply(world, { ...call, args: [{ ...seen, resource: { etag: String(world.consumer?.etag) } }, revision] });
}

/** A worker that may look at no consumer, and takes that for nobody. */
export function withoutReach(world: World, call: Call): Effect {
  const done = apply(world, call);
  return call.method === 'roll' ? { ...done, answer: { consumers: [], notLooked: [], barred: false } } : done;
}
