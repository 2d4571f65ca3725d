import { MINUTE_MS, HOUR_MS, DAY_MS, elapsedMs, parseInstant } from '../../values/time.ts';
import type { WardenEvent } from '../event/event.ts';
import { spokenLabels } from '../event/event-labels.ts';

/** A line of a message: what it is about, and what is known. */
export type Fact = readonly [name: string, fact: string];

/** What a message says below its headline and whom it is about, in the order in which people ask. */
export function factsOf({ time, data }: WardenEvent): readonly Fact[] {
  const { notice, why, meaning, usersFeel, since, lastGood, labels } = data;
  const isOver = notice === 'key.recovered' || notice === 'leak.closed' || notice === 'fleet.recovered';
  return [
    ['Why', why],
    ...(meaning === undefined ? [] : [['Means', meaning] as const]),
    ...(usersFeel === undefined ? [] : [['Users feel', usersFeel] as const]),
    ...(since === undefined ? [] : [isOver ? lasted(since, time) : began(since, time)]),
    ...(lastGood === undefined ? [] : [['Last good on record', agoOf(lastGood, time)] as const]),
    ...(labels === undefined ? [] : [['Whose', spokenLabels(labels)] as const]),
  ];
}

function began(since: string, now: string): Fact {
  return ['Since', agoOf(since, now)];
}

function lasted(since: string, now: string): Fact {
  const stretch = stretchOf(since, now);
  return ['Began', `${minuteOf(since)}${stretch === undefined ? '' : `, and lasted ${stretch}`}`];
}

function agoOf(moment: string, now: string): string {
  const stretch = stretchOf(moment, now);
  return `${minuteOf(moment)}${stretch === undefined ? '' : ` (${stretch} ago)`}`;
}

/** RFC 3339 in UTC as people read it; anything else as it stands. */
function minuteOf(moment: string): string {
  return moment.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC');
}

/** `6 h 30 min`; `undefined` for less than a minute, and for what are no two moments in this order. */
function stretchOf(from: string, to: string): string | undefined {
  const [start, end] = [parseInstant(from), parseInstant(to)];
  const ms = start === undefined || end === undefined ? 0 : elapsedMs(start, end);
  if (ms < MINUTE_MS) return undefined;
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} days`;
  const [hours, minutes] = [Math.floor(ms / HOUR_MS), Math.floor((ms % HOUR_MS) / MINUTE_MS)];
  return [...(hours > 0 ? [`${hours} h`] : []), ...(minutes > 0 ? [`${minutes} min`] : [])].join(' ');
}
