import { spokenDuration } from '../../core/values/duration.ts';
import { elapsedMs, isoOf, type Instant } from '../../core/values/time.ts';
import { markup, type Markup } from './markup.ts';

/** A moment as people read it: `2026-11-24 12:00`. The page says once that all of them are UTC. */
export function moment(at: Instant): Markup {
  const exact = isoOf(at);
  return markup`<time datetime="${exact}">${inMinutes(exact)}</time>`;
}

/** How far away a moment is, with the moment itself for whoever points at it. */
export function since(at: Instant, now: Instant): Markup {
  const exact = isoOf(at);
  return markup`<time datetime="${exact}" title="${inMinutes(exact)} UTC">${spokenDuration(elapsedMs(at, now))}</time>`;
}

function inMinutes(exact: string): string {
  return exact.slice(0, 16).replace('T', ' ');
}
