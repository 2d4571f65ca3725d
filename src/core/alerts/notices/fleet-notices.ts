import type { Verdict } from '../../causes/causes.ts';
import type { FleetOutage } from '../../health/outage.ts';
import type { FindingSeverity } from '../../inventory/findings.ts';
import type { NewsKind } from '../../inventory/told.ts';
import type { Episode } from '../../record/health-state.ts';
import type { Silence } from '../../record/silence.ts';
import type { ToldInstruction } from '../../values/command.ts';

/** What a scheduled inventory found and nobody was told of: of one kind, in one project. */
export interface InventoryNews {
  readonly type: 'inventory.news';
  readonly project: string;
  readonly kind: NewsKind;
  readonly count: number;
  /** Some of them by name. */
  readonly findings: readonly NewFinding[];
  /** What it is told apart by: the same when it is told again. */
  readonly occasion: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Something to mend about a key, or about all keys of a project. */
export interface NewFinding {
  readonly severity: FindingSeverity;
  /** The key’s name at its issuer; absent of what is about all of them. */
  readonly key?: string | undefined;
  /** Secrets that hold it, a few by name, and how many there are. */
  readonly secrets: readonly string[];
  readonly holders: number;
  readonly says: string;
  readonly cure: ToldInstruction;
  /** Whether the cure’s command runs as it stands. */
  readonly runs: boolean;
}

/** How many findings stand, where nobody knows what people were told of them. */
export interface InventoryCount {
  readonly type: 'inventory.news';
  readonly because: (typeof COUNTED_BECAUSE)[number];
  readonly count: number;
  readonly counts: Readonly<Partial<Record<NewsKind, number>>>;
  readonly occasion: string;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Why nobody knows it. */
export const COUNTED_BECAUSE = ['first_run', 'unreadable'] as const;

/** An outage as it is told: it is an episode of the whole fleet, said once, recalled at growing gaps, and closed. */
export interface OutageNotice extends FleetOutage {
  readonly episode: Episode;
}

/** The keys can be judged one by one again. */
export interface FleetRecovered {
  readonly type: 'fleet.recovered';
  /** The silence for which channels were not told of all of it. */
  readonly silence?: Silence | undefined;
  readonly project?: string | undefined;
  readonly episode: Episode;
  readonly seen: number;
}

/** A run took place, and what it did: its absence is the alarm, and so is `seen` below `expected`. */
export interface FleetHeartbeat {
  readonly type: 'fleet.heartbeat';
  readonly expected: number;
  readonly seen: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

/** A person or a schedule asks whether alerts still arrive. */
export interface AlertTest {
  readonly type: 'alert.test';
  readonly askedBy: string;
}
