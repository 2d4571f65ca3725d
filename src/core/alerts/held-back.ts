import type { Silence } from '../record/silence.ts';
import { isWideAt, type WideSilence } from '../record/wide-silence.ts';
import { plusMs, type Instant } from '../values/time.ts';
import { canBeSilenced } from './silenceable.ts';
import type { EventData } from './event/event-shape.ts';

/** What a silence goes by. */
type Facts = Pick<EventData, 'notice' | 'secret' | 'project' | 'cause' | 'again'>;

/** Whether a silence that is about more than one secret fits what an event, or a trouble, is about. Leaks are silenced secret by secret. */
export function fitsBreadth(
  { about }: Pick<WideSilence, 'about'>,
  { secret, project, cause }: Omit<Facts, 'notice' | 'again'>,
): boolean {
  if (cause === 'key_leaked') return false;
  if (about.outages === true && secret !== undefined) return false;
  return (about.cause ?? cause) === cause && (about.project ?? project) === project;
}

/** The silence of more than one secret that holds an event back at a moment. What ends something is never held back. */
export function heldBackBy(silences: readonly WideSilence[], data: Facts, now: Instant): Silence | undefined {
  const isNews = data.notice === 'fleet.outage' || canBeSilenced(data);
  if (!isNews || data.notice === 'leak.open') return undefined;
  return silences.find((silence) => isWideAt(silence, now) && fitsBreadth(silence, data));
}

/** Whose clock decides whether an alert is silenced may be this far behind the one that ended the silence. */
const CLOCKS_APART_MS = 60_000;

/** When silences that fit were over for everybody: what was announced before was not heard. */
export function wideHeardAgainAt(
  silences: readonly WideSilence[],
  about: Omit<Facts, 'notice' | 'again'>,
  now: Instant,
): readonly Instant[] {
  const fitting = silences.filter((silence) => fitsBreadth(silence, about));
  return fitting.map(({ until }) => until).filter((until) => until <= plusMs(now, -CLOCKS_APART_MS));
}
