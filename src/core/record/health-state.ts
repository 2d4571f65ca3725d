import type { KeyKind } from '../key/key-text.ts';
import type { Cause, Severity } from '../causes/causes.ts';
import type { Instant } from '../values/time.ts';

/** The announcements that an episode can open with. */
export const EPISODE_OPENINGS = ['key.unhealthy', 'key.unclear'] as const;
export type EpisodeOpening = (typeof EPISODE_OPENINGS)[number];

/** One outage of one secret, from the first announcement to the recovery. */
export interface Episode {
  /**
   * Never changes while it lasts. Names the day, because the count begins anew when somebody makes the secret anew or
   * wipes its annotations, and receivers drop an alert whose id they have seen (Google Chat does).
   */
  readonly id: string;
  readonly openedAt: Instant;
  readonly cause: Cause;
  readonly severity: Severity;
  readonly announcedAt: Instant;
  readonly reminders: number;
  /** The last good run that is on record, which the end of earlier trouble left there: later ones wrote nothing. */
  readonly lastGoodAt?: Instant | undefined;
  /** What it opens with, while nobody knows whether that went out: see `Judgement.mark`. */
  readonly untold?: EpisodeOpening | undefined;
}

/** The states of `Health`. */
export const HEALTH_STATES = ['well', 'suspect', 'sick', 'mending'] as const satisfies readonly Health['is'][];

/** What is remembered of a secret between runs, in its `key-warden.health` annotation. `episodes` counts openings. */
export type Health =
  | {
      readonly is: 'well';
      readonly episodes: number;
      /** Since when a check knows this key to work; absent where none was written down. */
      readonly since?: Instant | undefined;
      /** What kind of key that was. */
      readonly keyKind?: KeyKind | undefined;
      /** An episode that is over, while nobody knows whether its recovery went out. */
      readonly untold?: Episode | undefined;
    }
  | {
      readonly is: 'suspect';
      readonly episodes: number;
      readonly since: Instant;
      readonly cause: Cause;
      readonly runs: number;
      readonly lastGoodAt?: Instant | undefined;
    }
  | { readonly is: 'sick'; readonly episodes: number; readonly episode: Episode }
  | { readonly is: 'mending'; readonly episodes: number; readonly episode: Episode; readonly goodRuns: number };

/** A secret nobody has looked at yet: its first good run, or the first that is not, is what is written for it. */
export const UNSEEN: Health = { is: 'well', episodes: 0 };
