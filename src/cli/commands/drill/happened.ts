import type { Instant } from '../../../core/values/time.ts';

/** A line of a drill's timeline: who did or saw what. */
export interface Happened {
  readonly at: Instant;
  readonly who: 'story' | 'person' | 'worker' | 'channel' | 'consumer';
  readonly what: string;
}
