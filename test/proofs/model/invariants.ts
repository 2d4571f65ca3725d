import { LEAK_MARK } from '../../../src/app/keys/key-marks.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { readHistory, readJournal, readOutbox, readRetired } from '../../support/annotations.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { stepToTell } from '../../../src/core/rotation/step-to-tell.ts';
import type { RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import type { Call } from './calls.ts';
import { OLD_KEY, type World } from './world.ts';

/** What the invariants are held against. */
export interface Terms {
  readonly policy: RotationPolicy;
  /** False where workers may be so slow that they outlive their leases. */
  readonly leasesAreKept: boolean;
}

/** What is wrong with one step of the world, citing the invariant; `undefined` when nothing is. */
export function violation(
  before: World,
  after: World,
  call: Call | undefined,
  { policy, leasesAreKept }: Terms,
): string | undefined {
  return (
    currentIsReadable(after) ??
    foreignSurvives(before, after, call) ??
    (call === undefined ? undefined : byWorker(before, after, call, { policy, leasesAreKept }))
  );
}

export function journalOf(world: World): Journal {
  const journal = readJournal(world.secret.annotations[ROTATION_ANNOTATION]);
  if (journal === undefined) throw new Error('the journal cannot be read');
  return journal;
}

function currentIsReadable({ secret, versions }: World): string | undefined {
  const { current } = secret.aliases;
  if (current === undefined) return undefined;
  const version = versions.find(({ number }) => number === current);
  return version?.state === 'enabled'
    ? undefined
    : `I1: current points at version ${current}, which is ${version?.state ?? 'missing'}`;
}

/** What workers leave alone; only a person moves the alias of a person. */
function foreignSurvives(before: World, { secret }: World, call: Call | undefined): string | undefined {
  const isLeft = call === undefined || secret.aliases['theirs'] === before.secret.aliases['theirs'];
  const survived =
    isLeft && secret.annotations['example.com/owner'] === 'search' && secret.aliases['theirs'] !== undefined;
  return survived ? undefined : 'I10: somebody else’s annotation or alias is gone';
}

function byWorker(before: World, after: World, call: Call, { policy, leasesAreKept }: Terms): string | undefined {
  switch (`${call.port}.${call.method}`) {
    case 'vault.commit':
      return promotion(before, after) ?? formChange(before, after) ?? silence(before, after) ?? leaks(before, after);
    case 'vault.add':
      return addition(before, after, leasesAreKept) ?? misfit(before, after);
    case 'vault.disable':
      return retirement(before, after, policy) ?? cutOff(before, after);
    case 'reach.revise':
      return twice(after);
    case 'issuer.mint':
      return minting(after);
    case 'issuer.delete':
      return deletion(before, after);
    default:
      return undefined;
  }
}

/** I2 and I7: `current` moves to what was read back and proven, from where this rotation found it. */
function promotion(before: World, after: World): string | undefined {
  const [was, is] = [before.secret.aliases['current'], after.secret.aliases['current']];
  if (was === is || is === undefined) return undefined;
  if (!after.proven.includes(is))
    return `I2: current moved to version ${is}, which was not proven after it was read back`;
  const retired = retiredIn(before);
  const key = after.versions.find(({ number }) => number === is)?.key;
  const ended = (readHistory(before.secret.annotations[HISTORY_ANNOTATION]) ?? []).filter(
    ({ outcome }) => outcome === 'completed',
  );
  // What was promoted and taken back was retired by nobody: whoever adds it again wants it.
  const isRetired = retired.some(
    ({ version }) =>
      ended.some(({ from }) => from === version) &&
      before.versions.some((one) => one.number === version && one.key === key),
  );
  if (isRetired && journalOf(before).phase === 'verified')
    return `I14: current moved to version ${is}, which holds a retired key`;
  return before.personMoved ? `I7: current was moved to ${is} although a person had moved it to ${was}` : undefined;
}

/** I11: what consumers read is made up as it was. */
function formChange(before: World, after: World): string | undefined {
  const [was, is] = [before, after].map(({ secret }) => secret.aliases['current']);
  if (was === is || was === undefined || is === undefined || formOf(after, is) === formOf(after, was)) return undefined;
  return `I11: current moved to version ${is}, which is not made up like version ${was}`;
}

/** I11: what we add differs from the old value in the key alone. */
function misfit(before: World, after: World): string | undefined {
  const journal = journalOf(before);
  const added = after.versions.at(-1);
  if (journal.phase === 'resting' || added === undefined) return undefined;
  return formOf(after, added.number) === formOf(before, journal.from)
    ? undefined
    : `I11: version ${added.number} was added, which is not made up like version ${journal.from}`;
}

function formOf({ versions }: World, number: number): string {
  return versions.find((version) => version.number === number)?.form ?? 'bare';
}

/** I18: an emergency has an open leak, and none is closed before its key is deleted and was refused for half an hour. */
function leaks(before: World, after: World): string | undefined {
  const journal = journalOf(after);
  const open = openLeaks(after);
  if (journal.phase !== 'resting' && journal.emergency && !open.includes(journal.from))
    return `I18: an emergency about version ${journal.from} has no leak`;
  const closed = openLeaks(before).find((version) => !open.includes(version));
  if (closed === undefined) return undefined;
  const { keys, now, refusedSince = now } = after;
  const isDeleted = keys.every(({ id, deletedAt }) => id !== OLD_KEY || deletedAt !== undefined);
  return isDeleted && now - refusedSince >= HALF_AN_HOUR_MS
    ? undefined
    : `I18: the leak of version ${closed} was closed before its key was proven dead`;
}

const HALF_AN_HOUR_MS = 30 * 60_000;

/** I15: what people are to be told of is on record as untold by the same write that makes it true. */
function silence(before: World, after: World): string | undefined {
  const step = stepToTell(journalOf(before), journalOf(after))?.untold;
  if (step === undefined) return undefined;
  const outbox = readOutbox(after.secret.annotations[OUTBOX_FORM.annotation]) ?? [];
  const isThere = outbox.some((one) => one.step === step.step && one.id === step.id);
  return isThere ? undefined : `I15: nobody is to be told that ${step.id} is ${step.step}`;
}

/** I3: what we add becomes `latest` at once. I5: and it is added once, as long as leases are kept. */
function addition(before: World, after: World, leasesAreKept: boolean): string | undefined {
  const added = after.versions.at(-1);
  if (added === undefined || after.versions.length === before.versions.length) return undefined;
  const twin = before.versions.find(
    ({ by, key, state }) => by === 'worker' && state === 'enabled' && key === added.key,
  );
  // A discard adds the old key again on purpose.
  const isWrite = journalOf(before).phase === 'minted';
  if (twin !== undefined && isWrite && leasesAreKept)
    return `I5: version ${added.number} repeats the key of version ${twin.number}`;
  return after.provenKeys.includes(added.key)
    ? undefined
    : `I3: version ${added.number} was added with a key that was not proven`;
}

/** I4, I7 and the readers of `latest`: what may be disabled, and when. */
function retirement(before: World, after: World, policy: RotationPolicy): string | undefined {
  const disabled = after.versions.find(
    (version) =>
      version.state === 'disabled' &&
      before.versions.some((earlier) => earlier.number === version.number && earlier.state === 'enabled'),
  );
  if (disabled === undefined) return undefined;
  const journal = journalOf(before);
  if (journal.phase === 'resting') return `I4: version ${disabled.number} was disabled while nothing was in flight`;
  if (disabled.number === before.versions.length)
    return `latest points at version ${disabled.number}, which a worker disabled`;
  if (disabled.by === 'person' && disabled.number !== journal.from && journal.reason !== 'rollback') {
    return `I10: version ${disabled.number}, which a person added, was disabled`;
  }
  if (disabled.number !== journal.from) return undefined;
  if (disabled.number === before.secret.aliases['theirs'] && journal.phase === 'drained' && !journal.emergency)
    return `I10: version ${disabled.number}, which somebody reads by an alias of theirs, was disabled`;
  if (before.isPinned === true && disabled.key === OLD_KEY && !journal.emergency)
    return `I4: version ${disabled.number} was disabled while somebody uses its key`;
  const drained =
    journal.promotedAt !== undefined && before.now - journal.promotedAt >= policy.drainHoursMin * 3_600_000;
  return drained || journal.emergency
    ? undefined
    : `I4: version ${disabled.number} was disabled before the drain was over`;
}

/** I19: one revision for each move, as long as no person deploys, or moves `current` again, in between. */
function twice({ consumer, personMoved }: World): string | undefined {
  const { given = [] } = consumer ?? {};
  return personMoved || new Set(given).size === given.length
    ? undefined
    : `I19: the consumer got two revisions for ${given.at(-1)}`;
}

/** I19: a version is disabled once no instance holds it. Who gave a key up waits an hour for that, and nobody waits in an emergency. */
function cutOff(before: World, after: World): string | undefined {
  const held = before.consumer?.holds;
  const stateIn = ({ versions }: World) => versions.find(({ number }) => number === held)?.state;
  if (held === undefined || stateIn(before) !== 'enabled' || stateIn(after) !== 'disabled') return undefined;
  const journal = journalOf(before);
  const isGivenUp = journal.phase === 'abandoned' && before.now - journal.since >= 3_600_000;
  const isCutOff = journal.phase !== 'resting' && (journal.emergency || journal.drain?.overdue === true);
  // Nobody brings back one whose own deployment, or whose way back, did not come up; that is told.
  const isBroken = journal.phase === 'abandoned' && !comesUp(before);
  return isGivenUp || isCutOff || isBroken
    ? undefined
    : `I19: version ${held} was disabled, which an instance of the consumer holds`;
}

/** Google gives up on a revision within minutes, and so do workers on one that hangs. */
function comesUp({ consumer, now, secret }: World): boolean {
  if (consumer === undefined || consumer.newest === 'failed') return false;
  if (consumer.undone?.includes(`=${secret.aliases['current']}@`) === true) return false;
  return consumer.newest === 'ready' || now - consumer.changedAt < HALF_AN_HOUR_MS;
}

/**
 * I19: what a consumer that came up holds once the rotation is over and everybody came by. Where a person moves `current`, nobody follows;
 * and of a rotation that was given up an hour ago only who was marked is still brought back.
 */
export function leftBehind({ consumer, secret, personMoved }: World): string | undefined {
  const { current } = secret.aliases;
  if (
    personMoved ||
    consumer === undefined ||
    consumer.given.length === 0 ||
    consumer.newest !== 'ready' ||
    consumer.undone !== undefined
  )
    return undefined;
  return consumer.holds === current
    ? undefined
    : `I19: the consumer is left on version ${consumer.holds}, and current is ${current}`;
}

function minting({ keys }: World): string | undefined {
  const rotations = keys.flatMap(({ rotation }) => (rotation === undefined ? [] : [rotation]));
  return new Set(rotations).size === rotations.length ? undefined : 'I5: a rotation minted two keys';
}

/** A key is deleted only when no reader can be using it: never the one that `current` holds, nor one that another secret serves (I13). */
function deletion(before: World, after: World): string | undefined {
  const gone = after.keys.find(
    ({ id, deletedAt }) =>
      deletedAt !== undefined && before.keys.some((earlier) => earlier.id === id && earlier.deletedAt === undefined),
  );
  if (gone === undefined) return undefined;
  const read = before.versions.find(({ number }) => number === before.secret.aliases['current']);
  // A key that leaked goes whatever others do with current, once consumers had a better one: its mark says that.
  const isLeaked = gone.marks?.[LEAK_MARK] !== undefined;
  if (read?.key === gone.id && !isLeaked) return `I5: the key that current holds was deleted`;
  return isHeldElsewhere(before, gone.id) ? 'I13: a key was deleted that another secret serves' : undefined;
}

function isHeldElsewhere({ ads }: World, key: string): boolean {
  return ads?.latest === key || ads?.before === key;
}

/** Old keys that wait for their end. */
export function retiredIn({ secret }: World): NonNullable<ReturnType<typeof readRetired>> {
  return readRetired(secret.annotations[RETIRED_ANNOTATION]) ?? [];
}

/** Versions whose leak is open. */
export function openLeaks({ secret }: World): readonly number[] {
  return (valueOf(recordOf(secret.annotations).leaks) ?? []).map(({ version }) => version);
}

/** What is wrong with a leaked key once the purge and the watch came by: it lives although nobody reads it, or its end was not seen. */
export function neglected(world: World): string | undefined {
  const { keys, versions, secret } = world;
  const isDeleted = keys.some(({ id, deletedAt }) => id === OLD_KEY && deletedAt !== undefined);
  if (isDeleted) return openLeaks(world).length > 0 ? 'I18: a leak never closes, although its key is dead' : undefined;
  // One that somebody undeleted is theirs to explain, and its leak is told of until then.
  const isLeaked = retiredIn(world).some(({ urgent, deletedAt }) => urgent === true && deletedAt === undefined);
  const read = versions.find(({ number }) => number === secret.aliases['current']);
  if (!isLeaked || read?.key === OLD_KEY || isHeldElsewhere(world, OLD_KEY)) return undefined;
  return 'I18: a leaked key is not deleted, although nobody reads it';
}

/** I1: where we set `current`, it is there at rest, or somebody was told that it is missing. */
export function isForgotten({ secret }: World): boolean {
  const last = valueOf(recordOf(secret.annotations).lastCurrent);
  return last !== undefined && last !== null && last.is !== 'missing' && secret.aliases['current'] === undefined;
}

/** Where a worker last left `current`, as far as one remembers. */
export function lastCurrentOf({ secret }: World): number | undefined {
  return valueOf(recordOf(secret.annotations).lastCurrent)?.version;
}

/** I5 at rest: every minted key is current, previous, in the ledger, deleted, or in a version that somebody may read. */
export function orphans(world: World): readonly string[] {
  const { current, previous } = world.secret.aliases;
  const kept = [current, previous, ...retiredIn(world).map(({ version }) => version)];
  const keys = world.versions
    .filter(({ number, state }) => kept.includes(number) || state === 'enabled')
    .map(({ key }) => key);
  return world.keys
    .filter(({ id, deletedAt }) => deletedAt === undefined && id !== OLD_KEY && !keys.includes(id))
    .map(({ id }) => id);
}
