import type { Finding } from '../../health/finding.ts';
import type { Announcement } from '../../health/health.ts';
import type { Episode } from '../../record/health-state.ts';
import type { Silence } from '../../record/silence.ts';
import type { UnusualUse } from '../../use/judge-use.ts';
import type { Instant } from '../../values/time.ts';

/** About one key: an episode opened, got worse, is still open, or is over. */
export interface KeyNotice extends Announcement {
  readonly finding: Finding;
  /** Of an end: the silence for which channels were not told of all of it. */
  readonly silence?: Silence | undefined;
}

/** What takes a secret out of our care. */
export const UNWATCHED_BECAUSE = ['deleted', 'label_removed'] as const;

/** Nobody looks after a key any more whose episode is open, so that no check will ever close it. */
export interface KeyUnwatched {
  readonly type: 'key.unwatched';
  readonly secret: string;
  readonly project: string;
  readonly because: (typeof UNWATCHED_BECAUSE)[number];
  readonly episode: Episode;
}

/** A key is used as it was not before, measured against its own past: of each secret under care that serves it, or once of nobody. */
export type UnusualUseNotice = UnusualUseOfNobody | UnusualUseOfSecret;

interface UnusualUseOfNobody {
  readonly type: 'key.unusual';
  /** Of the key; with a secret, its own, as people write it in commands. */
  readonly project: string;
  /** The key’s name at its issuer. */
  readonly key: string;
  readonly use: UnusualUse;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

interface UnusualUseOfSecret extends UnusualUseOfNobody {
  readonly secret: string;
  readonly version: number;
}

/** A key reaches its greatest age, and no rotation begins by itself. */
export interface KeyAging {
  readonly type: 'key.aging';
  /** Full resource name, with the project's number. */
  readonly secret: string;
  /** The project as people write it in commands, usually its id. */
  readonly project: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly ageDays: number;
  readonly ageDaysMax: number;
  /** Why no rotation begins by itself. */
  readonly why: string;
  readonly step?: string | undefined;
  /** The exact command that ends it. */
  readonly next?: string | undefined;
}
