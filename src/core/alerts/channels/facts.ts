import { MINUTE_MS, HOUR_MS, DAY_MS, elapsedMs, parseInstant, spokenMinute } from '../../values/time.ts';
import { CAUSES, isCause } from '../../causes/causes.ts';
import type { EventData } from '../event/event-shape.ts';
import type { WardenEvent } from '../event/event.ts';
import { spokenLabels } from '../event/event-labels.ts';

/** A line of a message: what it is about, and what is known. */
export type Fact = readonly [name: string, fact: string];

/** What a message says below its headline and whom it is about, in the order in which people ask. */
export function factsOf({ time, data }: WardenEvent): readonly Fact[] {
  const { notice, meaning, usersFeel, since, lastGood, labels } = data;
  const why = whyBeyondHeadline(data);
  const isOver = notice === 'key.recovered' || notice === 'leak.closed' || notice === 'fleet.recovered';
  return [
    ...(why === '' ? [] : [['Why', why] as const]),
    ...(meaning === undefined ? [] : [['Means', meaning] as const]),
    ...(usersFeel === undefined ? [] : [['Users feel', usersFeel] as const]),
    ...(since === undefined ? [] : [isOver ? lasted(since, time) : began(since, time)]),
    ...(lastGood === undefined ? [] : [['Last good on record', agoOf(lastGood, time)] as const]),
    ...(labels === undefined ? [] : [['Whose', spokenLabels(labels)] as const]),
  ];
}

/** The headline of a single trouble is its cause, so that only what was said with it is left to tell. */
function whyBeyondHeadline({ headline, why, cause, together }: EventData): string {
  const title = isCause(cause) ? CAUSES[cause].title : undefined;
  if (title === undefined || together !== undefined || !headline.includes(title) || !why.startsWith(title)) return why;
  const rest = why.slice(title.length);
  const isWhole = rest === '' || /^(?:: |; | \()/.test(rest);
  return isWhole ? rest.replace(/^[:;]? /, '') : why;
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

/** RFC 3339 as people read it; anything else as it stands. */
function minuteOf(moment: string): string {
  const at = parseInstant(moment);
  return at === undefined ? moment : spokenMinute(at);
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
