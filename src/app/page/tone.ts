import type { Condition } from '../../core/fleet/condition.ts';

/** How a condition is seen. Its word always stands beside the colour, which nobody has to tell apart. */
export type Tone = 'bad' | 'doubt' | 'going' | 'well';

const TONES = {
  leaked: 'bad',
  failing: 'bad',
  held: 'bad',
  unreadable: 'doubt',
  suspect: 'doubt',
  mending: 'doubt',
  unwatched: 'doubt',
  unchecked: 'doubt',
  due: 'going',
  rotating: 'going',
  well: 'well',
} as const satisfies Record<Condition, Tone>;

/** The tone of a condition. */
export function toneOf(condition: Condition): Tone {
  return TONES[condition];
}
