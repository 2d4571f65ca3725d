import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import type { SecretName, SecretSighting, Vault } from '../../../src/app/ports/ports.ts';
import type { InFlight, Journal } from '../../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { readJournal, readHistory } from '../../support/annotations.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { HISTORY_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { isBeforePromotion } from '../../../src/core/rotation/rotation.ts';
import { isoOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { DAY_MS, type Member } from './fleet.ts';
import type { KeyLife, Keys } from './keys.ts';

/** A beginning, as the worker put it on record. */
export type Begun = Pick<InFlight, 'openedAt' | 'reason' | 'emergency' | 'note'>;

/** What became of one secret, as seen from outside. */
export interface Record {
  readonly member: Member;
  readonly opened: Instant[];
  /** The same with what stands in the journal about it. */
  readonly begun: Begun[];
  readonly promoted: Instant[];
  readonly completed: Instant[];
  readonly abandoned: Instant[];
  readonly held: Instant[];
  journal: Journal;
  current: number;
  versions: number;
  /** The key that consumers go away from since `current` moved last. */
  leaving: KeyLife | undefined;
  /** Versions whose destruction is only a matter of time. */
  readonly doomed: Set<number>;
  /** A person took its key away. */
  spoiled: boolean;
  /** Another tool wrote a version that readers of `latest` get. */
  latestLost: boolean;
  /** Leaks that are open, and those that were closed. */
  openLeaks: number;
  closedLeaks: number;
  leakedKey: KeyLife | undefined;
  leakedAt: Instant | undefined;
}

/** How many rotations there are at a moment. */
export interface Flying {
  readonly inFlight: number;
  /** Begun, and neither promoted nor held, nor let go on by a person, who asks nobody how many there are. */
  readonly young: number;
  /** Let go on by a person, and not yet promoted. */
  readonly letGoOn: number;
}

export interface Witness {
  /** Looks at a secret after something about it has changed. */
  changed(secret: SecretName): Promise<void>;
  deleted(key: KeyLife): void;
  /** From that moment on the consumers of a secret use the key that `current` names. */
  brought(secret: SecretName, at: Instant): void;
  readonly records: ReadonlyMap<SecretName, Record>;
  readonly violations: string[];
  flying(): Flying;
  /** The most at any moment of each day since the epoch. */
  readonly mostOfDay: ReadonlyMap<number, Flying>;
  readonly looks: () => number;
  readonly annotationBytesMost: () => number;
  /** Version-milliseconds so far: what Secret Manager charges for. */
  versionMs(): number;
}

const ANNOTATION_BYTES_MAX = 16_384;
const HALF_AN_HOUR_MS = 30 * 60_000;

export interface WitnessParts {
  /** Past all distance and weather. */
  readonly vault: Vault;
  readonly keys: Keys;
  readonly now: () => Instant;
  readonly fleet: readonly Member[];
}

/** Looks at the cloud after every change, remembers what happened, and what ought not to have. */
export function witness({ vault, keys, now, fleet }: WitnessParts): Witness {
  const records = new Map(fleet.map((member) => [member.secret, recordOf(member)]));
  const violations: string[] = [];
  const mostOfDay = new Map<number, Flying>();
  let looks = 0;
  const flying = { inFlight: 0, young: 0, letGoOn: 0 };
  let bytesMost = 0;
  const paid = { sum: 0, active: fleet.length, since: now() };
  const accuse = (sentence: string): void => void violations.push(`${isoOf(now())}  ${sentence}`);

  const charge = (added: number): void => {
    paid.sum += paid.active * (now() - paid.since);
    paid.active += added;
    paid.since = now();
  };
  const count = (journal: Journal, by: 1 | -1): void => {
    if (journal.phase === 'resting') return;
    flying.inFlight += by;
    if (isBeforePromotion(journal.phase) && !journal.held)
      flying[journal.steered?.to === 'resume' ? 'letGoOn' : 'young'] += by;
    const day = Math.floor(now() / DAY_MS);
    const most = mostOfDay.get(day) ?? { inFlight: 0, young: 0, letGoOn: 0 };
    mostOfDay.set(day, {
      inFlight: Math.max(most.inFlight, flying.inFlight),
      young: Math.max(most.young, flying.young),
      letGoOn: Math.max(most.letGoOn, flying.letGoOn),
    });
  };

  /** I1 and I3: what the two kinds of readers get must be enabled, and its key be accepted. */
  const readers = async (sighting: SecretSighting, record: Record): Promise<void> => {
    const versions = await vault.versions(sighting.name);
    const kept = versions.filter(
      ({ state, scheduledDestroyAt }) => state !== 'destroyed' && !scheduledDestroyAt,
    ).length;
    charge(kept - record.versions);
    record.versions = kept;
    // A destruction that is delayed is paid for until then, and nothing is called when it takes place.
    for (const { number, scheduledDestroyAt } of versions) {
      if (scheduledDestroyAt === undefined || record.doomed.has(number)) continue;
      record.doomed.add(number);
      paid.sum += scheduledDestroyAt - now();
    }
    for (const [alias, number] of [
      ['current', sighting.aliases['current']],
      ['latest', versions[0]?.number],
    ] as const) {
      if (alias === 'latest' && record.latestLost) continue;
      const seen = versions.find((version) => version.number === number);
      if (seen?.state !== 'enabled') accuse(`${sighting.name}: ${alias} is version ${number}, ${seen?.state}`);
      else if (!record.spoiled) {
        const { bytes } = await vault.read(sighting.name, seen.number);
        const characters = keys.in(bytes)?.characters ?? '';
        if (!keys.accepted(characters, now()))
          accuse(`${sighting.name}: a reader of ${alias} gets version ${number}, whose key is refused`);
        if (new TextDecoder().decode(bytes) !== record.member.around(characters))
          accuse(`${sighting.name}: a reader of ${alias} gets version ${number}, which is not made up as it was`);
      }
    }
  };

  const moved = async (sighting: SecretSighting, record: Record): Promise<void> => {
    const current = sighting.aliases['current'];
    if (current === undefined || current === record.current) return;
    const at = now();
    const [old, fresh] = await Promise.all([keyOf(sighting.name, record.current), keyOf(sighting.name, current)]);
    const holdMs = record.openLeaks > 0 ? 0 : record.member.holdMs;
    record.leaving = old;
    old?.servedBy.delete(sighting.name);
    if (old?.servedBy.size === 0) old.usedUntil = plusMs(at, holdMs);
    if (fresh !== undefined) {
      fresh.servedBy.add(sighting.name);
      fresh.usedFrom ??= at;
      fresh.usedUntil = Infinity;
    }
    record.promoted.push(at);
    record.current = current;
    record.spoiled = false;
  };
  /** I18: a leak is closed once its key is deleted, for longer than deleted keys go on working. */
  const leaks = ({ name, record: { leaks: written } }: SecretSighting, record: Record): void => {
    const open = valueOf(written)?.length ?? 0;
    const closed = Math.max(0, record.openLeaks - open);
    record.openLeaks = open;
    record.closedLeaks += closed;
    const { deletedAt = now() } = record.leakedKey ?? {};
    if (closed > 0 && now() - deletedAt < HALF_AN_HOUR_MS) accuse(`${name}: a leak was closed before its key was dead`);
  };
  const keyOf = async (secret: SecretName, number: number): Promise<KeyLife | undefined> => {
    const reading = await attempt(() => vault.read(secret, number));
    return reading instanceof Fault ? undefined : keys.in(reading.bytes);
  };

  return {
    records,
    violations,
    flying: () => flying,
    mostOfDay,
    looks: () => looks,
    annotationBytesMost: () => bytesMost,
    versionMs() {
      charge(0);
      return paid.sum;
    },
    async changed(secret) {
      const sighting = await vault.look(secret);
      looks += 1;
      const record = records.get(sighting.name);
      const journal = readJournal(sighting.annotations[ROTATION_ANNOTATION]);
      if (record === undefined) return;
      if (journal === undefined) return accuse(`${secret}: its journal cannot be read`);
      const bytes = new TextEncoder().encode(Object.entries(sighting.annotations).flat().join('')).length;
      bytesMost = Math.max(bytesMost, bytes);
      if (bytes > ANNOTATION_BYTES_MAX) accuse(`${secret}: its annotations take ${bytes} bytes`);
      const before = record.journal;
      record.journal = journal;
      count(before, -1);
      count(journal, 1);
      if (before.phase === 'resting' && journal.phase !== 'resting') {
        record.opened.push(now());
        record.begun.push(journal);
      }
      if (before.phase !== 'resting' && journal.phase === 'resting') {
        const outcome = readHistory(sighting.annotations[HISTORY_ANNOTATION])?.[0]?.outcome;
        (outcome === 'completed' ? record.completed : record.abandoned).push(now());
      }
      if (journal.phase !== 'resting' && journal.held && !('held' in before && before.held)) record.held.push(now());
      leaks(sighting, record);
      await moved(sighting, record);
      await readers(sighting, record);
    },
    brought(secret, at) {
      const old = records.get(secret)?.leaving;
      if (old?.servedBy.size === 0) old.usedUntil = Math.min(old.usedUntil, at);
    },
    deleted(key) {
      if (keys.requests(key.uid, now(), Infinity) > 0) accuse(`${key.name} was deleted while consumers use it`);
    },
  };
}

function recordOf(member: Member): Record {
  return {
    member,
    opened: [],
    begun: [],
    promoted: [],
    completed: [],
    abandoned: [],
    held: [],
    journal: { phase: 'resting', failures: 0, passedOver: [] },
    current: 1,
    versions: 1,
    doomed: new Set(),
    spoiled: false,
    latestLost: false,
    openLeaks: 0,
    closedLeaks: 0,
    leaving: undefined,
    leakedKey: undefined,
    leakedAt: undefined,
  };
}
