import type { IssuedKey } from '../../../src/app/ports/ports.ts';
import { projectIn } from '../../../src/core/google/resource-names.ts';
import type { Instant } from '../../../src/core/values/time.ts';

/** A key from its making to its end, and the stretch in which consumers send requests with it. */
export interface KeyLife {
  readonly name: string;
  readonly uid: string;
  readonly characters: string;
  readonly madeAt: Instant;
  deletedAt: Instant | undefined;
  /** Consumers use it from here, if ever, until there. */
  usedFrom: Instant | undefined;
  usedUntil: number;
  /** Secrets whose consumers read it. */
  readonly servedBy: Set<string>;
}

/** All keys there ever were, as Gemini, Monitoring and the consumers see them. */
export interface Keys {
  born(issued: IssuedKey, characters: string): KeyLife;
  of(characters: string): KeyLife | undefined;
  /** The key in a stored value, whatever stands around it. */
  in(bytes: Uint8Array): KeyLife | undefined;
  named(name: string): KeyLife | undefined;
  /** Those that nobody has deleted. */
  alive(): readonly KeyLife[];
  /** Whether Gemini takes it: fresh ones are refused for a minute, deleted ones taken for another. */
  accepted(characters: string, now: Instant): boolean;
  /** Requests with the key of this uid in a stretch of time. */
  requests(uid: string, from: number, until: number): number;
  /** What counts towards a project's 300: deleted keys go on counting for 30 days. */
  counted(project: string, now: Instant): number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const REQUESTS_PER_MINUTE = 4;

export function keysOfTheWorld(): Keys {
  const [texts, names, uids] = [new Map<string, KeyLife>(), new Map<string, KeyLife>(), new Map<string, KeyLife>()];
  const projects = new Map<string, KeyLife[]>();
  return {
    born({ name, uid, createdAt: madeAt }, characters) {
      const known = names.get(name);
      if (known !== undefined) return known;
      const life: KeyLife = {
        name,
        uid,
        characters,
        madeAt,
        deletedAt: undefined,
        usedFrom: undefined,
        usedUntil: Infinity,
        servedBy: new Set(),
      };
      texts.set(characters, life);
      names.set(name, life);
      uids.set(uid, life);
      const project = projectIn(name);
      projects.set(project, [...(projects.get(project) ?? []), life]);
      return life;
    },
    of: (characters) => texts.get(characters),
    in(bytes) {
      const text = new TextDecoder().decode(bytes);
      return texts.get(text) ?? texts.get(/"gemini" : "([^"]+)"/.exec(text)?.[1] ?? '');
    },
    named: (name) => names.get(name),
    alive: () => [...names.values()].filter(({ deletedAt }) => deletedAt === undefined),
    accepted(characters, now) {
      const life = texts.get(characters);
      if (life === undefined || now - life.madeAt < MINUTE_MS) return false;
      return life.deletedAt === undefined || now - life.deletedAt < MINUTE_MS;
    },
    requests(uid, from, until) {
      const { usedFrom, usedUntil } = uids.get(uid) ?? { usedFrom: undefined, usedUntil: 0 };
      if (usedFrom === undefined) return 0;
      const overlapMs = Math.min(until, usedUntil) - Math.max(from, usedFrom);
      return Math.max(0, Math.floor((overlapMs / MINUTE_MS) * REQUESTS_PER_MINUTE));
    },
    counted(project, now) {
      const all = projects.get(project) ?? [];
      return all.filter(({ deletedAt }) => deletedAt === undefined || now - deletedAt < 30 * DAY_MS).length;
    },
  };
}
