import type { Cause } from './causes.ts';
import type { Finding } from './finding.ts';
import type { Announcement } from './health.ts';

/** What the rest of the world is told. One union, so that every channel must say something about every kind. */
export type Notice = KeyNotice | FleetOutage;

/** About one key: an episode opened, got worse, is still open, or is over. */
export interface KeyNotice extends Announcement {
  readonly finding: Finding;
}

/** Many keys failed alike in one run: the trouble is ours, the network's or Google's, and no key is blamed. */
export interface FleetOutage {
  readonly type: 'fleet.outage';
  readonly cause: Cause;
  readonly failing: number;
  readonly seen: number;
  /** One of the answers, as an example. */
  readonly message: string;
}
