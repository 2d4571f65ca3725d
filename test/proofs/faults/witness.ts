import { Buffer } from 'node:buffer';
import type { RotationNotice } from '../../../src/core/alerts/notices/rotation-notices.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import type { Untold } from '../../../src/core/record/outbox.ts';
import { stepToTell } from '../../../src/core/rotation/step-to-tell.ts';
import type { Request } from '../../../src/emulator/wire/http.ts';
import { readRetired } from '../../support/annotations.ts';
import { onlooker, servedBy, works, type Seen } from './seen.ts';
import { FOREIGN, OTHER_SECRET, type FaultWorld } from './world.ts';

/** What a world may do that others may not. */
export interface Terms {
  /** Readers of `latest` are promised nothing, because the key that it holds went bad after it was proven. */
  readonly latestSpoiled?: boolean | undefined;
  /** Somebody takes `current` away, and whoever reads it has to wait until it is put back. */
  readonly currentTaken?: boolean | undefined;
  /** Least hours of a drain; six unless told. */
  readonly drainHours?: number | undefined;
  /** The workers' clock is wrong, and how long a drain takes is the one thing that they can only take from it. */
  readonly drainByWrongClock?: boolean | undefined;
  /** The one version that a purge may destroy, and from when on. */
  readonly purged?: { readonly version: number; readonly from: number } | undefined;
}

/** Looks at the cloud between any two calls, and remembers what was wrong, with the number of the invariant. */
export interface Witness {
  /** Before a request is applied. `answered` is false when the worker will not learn what came of it. */
  before(request: Request, answered: boolean): void;
  /** Once more, when nothing moves. */
  look(): void;
  /** What is new now was no worker's doing. */
  excuse(): void;
  readonly violations: readonly string[];
  /** Steps that became true and of which nobody was told (I15). */
  silent(): readonly string[];
  readonly looks: () => number;
  seen(): Seen;
}

export function witness(world: FaultWorld, terms: Terms = {}): Witness {
  const { drainByWrongClock = false, drainHours = DRAIN_HOURS_MIN, purged } = terms;
  const drainMsMin = drainByWrongClock ? -Infinity : drainHours * HOUR_MS;
  const mayGo = (version: number): boolean => version === purged?.version && world.cloud.clock.now() >= purged.from;
  const see = onlooker(world);
  const first = see();
  const violations: string[] = [];
  const proof = proofs(world);
  const toTell = new Map<string, Untold>();
  let last = first;
  let looks = 0;
  const accuse = (sentence: string): void => void violations.push(`call ${world.cloud.requests().length}: ${sentence}`);
  const look = (): void => {
    const seen = see();
    looks += 1;
    readers(world, seen, terms, accuse);
    promotion(last, seen, proof, accuse);
    additions(last, seen, proof, accuse);
    madeUp(last, seen, accuse);
    elsewhere(world, accuse);
    disablings(last, seen, { drainMsMin, mayGo }, accuse);
    issued(world, seen, accuse);
    survival(first, seen, accuse);
    leaks(world, last, seen, accuse);
    secrecy(world, Object.values(seen.annotations), accuse);
    const step = last.journal && seen.journal && stepToTell(last.journal, seen.journal)?.untold;
    if (step !== undefined) toTell.set(`${step.step} ${step.id}`, step);
    last = seen;
  };
  return {
    before(request, answered) {
      look();
      if (answered) proof.learn(request, last);
      secrecy(world, [`${request.path}?${request.query.toString()}`], accuse);
    },
    look,
    excuse: () => void (last = see()),
    silent: () =>
      [...toTell.values()]
        .filter(({ step, id }) => !world.announced.some((one) => 'rotation' in one && isAbout(one, step, id)))
        .map(({ step, id }) => `I15: nobody was told that ${id} is ${step}`),
    violations,
    looks: () => looks,
    seen: () => last,
  };
}

function isAbout({ type, rotation }: RotationNotice, step: Untold['step'], id: string): boolean {
  return type === `rotation.${step}` && rotation === id;
}

type Accuse = (sentence: string) => void;

/** I1, and what consumers do: read the secret, use the key. */
function readers(
  world: FaultWorld,
  { aliases, versions }: Seen,
  { latestSpoiled, currentTaken }: Terms,
  accuse: Accuse,
): void {
  const current = versions.find(({ number }) => number === aliases['current']);
  const isTaken = currentTaken === true && aliases['current'] === undefined;
  if (isTaken) return;
  if (current?.state !== 'ENABLED')
    accuse(`I1: current points at ${aliases['current']}, ${current?.state ?? 'missing'}`);
  else if (!works(world, current.key ?? ''))
    accuse(`I1: the reader of current got version ${current.number}, which is refused`);
  const latest = versions.at(-1);
  if (latestSpoiled === true) return;
  if (latest?.state !== 'ENABLED') accuse(`I3: latest is version ${latest?.number}, ${latest?.state}`);
  else if (!works(world, latest.key ?? ''))
    accuse(`I3: the reader of latest got version ${latest.number}, which is refused`);
}

interface Proofs {
  learn(request: Request, seen: Seen): void;
  /** Keys that did a job, deep. */
  readonly keys: ReadonlySet<string>;
  /** Versions that were read by number and whose key did a job after that. */
  readonly versions: ReadonlySet<number>;
}

function proofs(world: FaultWorld): Proofs {
  const keys = new Set<string>();
  const readBack = new Set<number>();
  const versions = new Set<number>();
  return {
    keys,
    versions,
    learn({ path, headers }, seen) {
      const number = /\/versions\/(\d+):access$/.exec(path)?.[1];
      if (number !== undefined) readBack.add(Number(number));
      const key = headers['x-goog-api-key'];
      if (key === undefined || !path.endsWith(':generateContent') || !works(world, key)) return;
      keys.add(key);
      for (const version of seen.versions) {
        if (version.key === key && readBack.has(version.number)) versions.add(version.number);
      }
    },
  };
}

/** I2 and I7: `current` moves from where the rotation found it to what was read back and proven, or back again. */
function promotion(before: Seen, after: Seen, proof: Proofs, accuse: Accuse): void {
  const [was, is] = [before.aliases['current'], after.aliases['current']];
  if (was === is) return;
  if (is === undefined || !proof.versions.has(is)) accuse(`I2: current moved to version ${is}, which was not proven`);
  const { journal } = before;
  // Put back where somebody took it away.
  if (was === undefined) return;
  if (journal === undefined || journal.phase === 'resting')
    return accuse(`I7: current moved while nothing was in flight`);
  const { phase, from, to } = journal;
  if (phase === 'verified' && isRetired(before, is))
    accuse(`I14: current moved to version ${is}, whose key was retired`);
  const forward = phase === 'verified' && was === from && is === to;
  const back = phase === 'reverting' && is === from;
  if (!forward && !back) accuse(`I7: current moved from ${was} to ${is} in phase ${phase} of ${from} → ${to}`);
}

/** Whether a version holds the key of one that an earlier rotation retired. */
function isRetired({ versions, annotations }: Seen, number: number | undefined): boolean {
  const keyOf = (one: number | undefined) => versions.find((version) => version.number === one)?.key;
  const retired = readRetired(annotations[RETIRED_ANNOTATION]) ?? [];
  return retired.some(({ version }) => keyOf(version) === keyOf(number));
}

/** I11: what workers add, and what consumers read, is made up as it was. */
function madeUp(before: Seen, after: Seen, accuse: Accuse): void {
  const around = ({ versions }: Seen, number: number | undefined) =>
    versions.find((version) => version.number === number)?.around;
  const { journal } = before;
  const from = journal === undefined || journal.phase === 'resting' ? undefined : around(before, journal.from);
  for (const added of after.versions.slice(before.versions.length)) {
    if (added.around !== from) accuse(`I11: version ${added.number} is not made up like the one it replaces`);
  }
  const [was, is] = [before, after].map(({ aliases }) => aliases['current']);
  if (was === undefined || is === undefined || around(after, was) === around(after, is)) return;
  accuse(`I11: current moved to version ${is}, which is not made up like version ${was}`);
}

/** I13: no key is deleted while another secret serves it. */
function elsewhere(world: FaultWorld, accuse: Accuse): void {
  const key = servedBy(world, OTHER_SECRET);
  if (key !== undefined && world.cloud.keyring.byString(key)?.deletedAt !== undefined)
    accuse('I13: a key was deleted that another secret serves');
}

/** I3: what a worker adds is `latest` at once. I5: a rotation adds its key once. */
function additions(before: Seen, after: Seen, proof: Proofs, accuse: Accuse): void {
  for (const { number, key } of after.versions.slice(before.versions.length)) {
    if (!proof.keys.has(key ?? '')) accuse(`I3: version ${number} was added with a key that was not proven`);
    const twin = before.versions.find((version) => version.key === key && version.state === 'ENABLED');
    const isWrite = before.journal?.phase === 'minted';
    if (isWrite && twin !== undefined) accuse(`I5: version ${number} repeats the key of version ${twin.number}`);
  }
}

const HOUR_MS = 3_600_000;
const DRAIN_HOURS_MIN = 6;

/** I4, I8 and the readers of `latest`: which versions may go, and when. */
function disablings(
  before: Seen,
  after: Seen,
  { drainMsMin, mayGo }: { readonly drainMsMin: number; readonly mayGo: (version: number) => boolean },
  accuse: Accuse,
): void {
  for (const { number, state } of before.versions) {
    const now = after.versions.find((version) => version.number === number)?.state;
    if (now === undefined || (now === 'DESTROYED' && !mayGo(number))) accuse(`I8: version ${number} was destroyed`);
    if (state !== 'ENABLED' || now !== 'DISABLED') continue;
    const { journal } = before;
    if (journal === undefined || journal.phase === 'resting') {
      accuse(`I4: version ${number} was disabled while nothing was in flight`);
      continue;
    }
    if (number === after.versions.at(-1)?.number) accuse(`I3: version ${number} is latest and was disabled`);
    if (number === before.aliases['theirs'] && !journal.emergency)
      accuse(`I10: version ${number} was disabled, which somebody reads by an alias of theirs`);
    const drained = after.now - (journal.promotedAt ?? Infinity) >= drainMsMin || journal.emergency;
    if (number === journal.from && !(journal.phase === 'drained' && drained))
      accuse(`I4: the old version ${number} was disabled in phase ${journal.phase}, before the drain was over`);
  }
}

/** I5: one key per rotation, and none deleted that somebody reads, although for a minute it goes on working. */
function issued({ cloud, minted }: FaultWorld, { aliases, versions }: Seen, accuse: Accuse): void {
  const rotations = minted().map(({ annotations }) => annotations['key-warden-rotation']);
  if (new Set(rotations).size < rotations.length) accuse('I5: a rotation minted two keys');
  const read = versions.filter(({ number }) => number === aliases['current'] || number === versions.at(-1)?.number);
  for (const { number, key } of read) {
    if (cloud.keyring.byString(key ?? '')?.deletedAt !== undefined)
      accuse(`I5: the key of version ${number} was deleted, and consumers read it`);
  }
}

/** I18: an emergency has an open leak, and none is closed before its key is deleted and refused. */
function leaks(world: FaultWorld, before: Seen, { journal, leaks: open, versions }: Seen, accuse: Accuse): void {
  const isUrgent = journal !== undefined && journal.phase !== 'resting' && journal.emergency;
  if (isUrgent && !open.includes(journal.from)) accuse(`I18: an emergency about version ${journal.from} has no leak`);
  for (const version of before.leaks.filter((one) => !open.includes(one))) {
    const key = versions.find(({ number }) => number === version)?.key ?? '';
    const isDeleted = world.cloud.keyring.byString(key)?.deletedAt !== undefined;
    if (!isDeleted || works(world, key)) accuse(`I18: the leak of version ${version} was closed, and its key is alive`);
  }
}

/** I10: what other people own is as it was. */
function survival(first: Seen, seen: Seen, accuse: Accuse): void {
  if (JSON.stringify(seen.labels) !== JSON.stringify(first.labels)) accuse('I10: a label is gone');
  if (seen.annotations['example.com_owner'] !== first.annotations['example.com_owner'])
    accuse('I10: an annotation is gone');
  if (seen.aliases['theirs'] !== first.aliases['theirs']) accuse('I10: an alias is gone');
  const [was, is] = [first, seen].map(({ versions }) => versions.find(({ number }) => number === FOREIGN));
  if (was?.etag !== is?.etag) accuse('I10: somebody else’s version was touched');
}

/** I9: no key, as it is or in base64, in texts that others can read. */
export function secrecy({ cloud }: FaultWorld, texts: readonly string[], accuse: Accuse): void {
  for (const { keyString, keyId } of cloud.keyring.all()) {
    const forms = [keyString, Buffer.from(keyString).toString('base64').replace(/=+$/, '')];
    for (const text of texts) {
      if (forms.some((form) => text.includes(form))) accuse(`I9: the key ${keyId} stands in ${text.slice(0, 40)}…`);
    }
  }
}

/** I5 at rest: every minted key is in a version that somebody may read or go back to, or it is deleted. */
export function orphans(world: FaultWorld, { versions }: Seen): readonly string[] {
  const kept = versions.map(({ key }) => key);
  return world
    .minted()
    .filter(({ keyString, deletedAt }) => deletedAt === undefined && !kept.includes(keyString))
    .map(({ keyId }) => keyId);
}
