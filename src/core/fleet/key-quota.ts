import { sharedCauseOf, type SharedCause, type Trouble } from './alike.ts';

/** What a listed secret says about how rotations fare: in trouble since less than a day, done since less than a day, neither. */
export type RecentOutcome = 'trouble' | 'success' | 'neither';

/** What counts of a secret when further rotations are to be begun. */
export interface KeyQuotaUse {
  /** Project that makes its keys. */
  readonly keyProject: string;
  /** Keys at the issuer that are this secret's, those among them that were deleted in the last 30 days. */
  readonly keys: number;
  readonly recentOutcome: RecentOutcome;
  /** Of trouble: whose it is and why. */
  readonly recentTrouble?: Trouble | undefined;
}

/** Keys a project may have; whether deleted ones count for their 30 days is documented nowhere. */
export const KEYS_MAX = 300;

/** Keys of a project, those deleted within 30 days included, up to which rotations are begun; the rest is for people and emergencies. */
export const KEYS_PLANNED_MAX = KEYS_MAX - 10;

/** Rotations that one run begins, whatever it may have in flight: each is a mint, and the API Keys API takes 120 writes a minute. */
export const BEGUN_MAX = 60;

/** This many rotations in trouble are a pattern, unless as many went well. */
const TROUBLES_MIN = 5;

/** Why no further rotation may be begun of a project’s own accord; projects without a reason are not named. */
export type Stops = ReadonlyMap<string, string>;

/**
 * Trouble that rotations have in common is told by a few of them: the others are not begun, or each would call a person
 * about the same thing. It ends with the day, or when something went well. The same holds for a project without room.
 */
export function stopsOf(secrets: readonly KeyQuotaUse[]): Stops {
  const stops = new Map<string, string>();
  const everywhere = commonTrouble(secrets);
  for (const [project, own] of Map.groupBy(secrets, ({ keyProject }) => keyProject)) {
    const why = everywhere ?? alikeTrouble(own) ?? commonTrouble(own) ?? fullness(own);
    if (why !== undefined) stops.set(project, why);
  }
  return stops;
}

/** How many more keys may be made in each project in this run. */
export function keysLeftIn(secrets: readonly KeyQuotaUse[]): Map<string, number> {
  const projects = Map.groupBy(secrets, ({ keyProject }) => keyProject);
  return new Map([...projects].map(([project, own]) => [project, KEYS_PLANNED_MAX - keysOf(own)]));
}

/** A cause that two secrets of a project share stops the others before each calls a person about it. */
function alikeTrouble(secrets: readonly KeyQuotaUse[]): string | undefined {
  const shared = sharedCauseOf(secrets.flatMap(({ recentTrouble }) => recentTrouble ?? []));
  const successes = secrets.filter(({ recentOutcome }) => recentOutcome === 'success').length;
  return shared === undefined || shared.count <= successes ? undefined : alikeText(shared);
}

/** How a shared cause is told. */
export function alikeText({ count, why }: SharedCause): string {
  return `${count} rotations came to nothing or wait for a person alike: ${why}`;
}

function commonTrouble(secrets: readonly KeyQuotaUse[]): string | undefined {
  const troubles = secrets.filter(({ recentOutcome }) => recentOutcome === 'trouble').length;
  const successes = secrets.filter(({ recentOutcome }) => recentOutcome === 'success').length;
  if (troubles < TROUBLES_MIN || troubles <= successes) return undefined;
  return `${troubles} rotations were held or given up within a day and ${successes} went well`;
}

function fullness(secrets: readonly KeyQuotaUse[]): string | undefined {
  const keys = keysOf(secrets);
  if (keys < KEYS_PLANNED_MAX) return undefined;
  return `${secrets.length} secrets have ${keys} of the ${KEYS_MAX} keys that a project holds, deleted ones of 30 days included: move some secrets to another project`;
}

function keysOf(secrets: readonly KeyQuotaUse[]): number {
  return secrets.reduce((sum, { keys }) => sum + keys, 0);
}
