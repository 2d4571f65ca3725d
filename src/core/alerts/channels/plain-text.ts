import { clip } from '../../values/clip.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import type { WardenEvent } from '../event/event.ts';
import { factsOf } from './facts.ts';

/** Longest text in a message; several of them stay below what a description or a mail may have. */
const TEXT_MAX = 4_000;

/**
 * What a message says below its first line where no look but lines is left: parts with an empty line between them, and each command
 * alone on its line, so that it can be copied on a phone.
 */
export function plainText(event: WardenEvent): string {
  const { data } = event;
  const { who, step, next, quiet, runbook } = data;
  const parts = [
    [who],
    factsOf(event).map(([name, fact]) => `${name}: ${shown(fact)}`),
    step === undefined && next === undefined ? [] : [`Next: ${shown(step ?? '')}`.trim()],
    next === undefined ? [] : [shown(next)],
    quiet === undefined ? [] : ['Seen it? Quiet for 4 h:', quiet],
    [
      ...(isAddress(runbook) ? [] : [`Runbook: ${runbook}`]),
      ...pagesOf(data).map(({ name, url }) => `${name}: ${url}`),
    ],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** A text within its bound. */
export function shown(text: string): string {
  return clip(text, TEXT_MAX);
}
