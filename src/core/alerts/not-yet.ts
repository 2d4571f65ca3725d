import { ROTATE, ROTATE_AT_ONCE } from '../causes/commands.ts';
import { lineFor } from '../causes/names.ts';
import type { Waiting } from '../calendar/waiting.ts';
import { spokenMinuteBy } from '../values/time.ts';

/** Why a planned rotation does not begin now, when one may, and what works: then, and for a key that leaked at once. */
export function notYetText(secret: string, { why, until }: Waiting): string {
  const then = until === undefined ? '' : `. Then: ${lineFor(ROTATE, secret)}`;
  return `it waits: ${why}${then}. A key that leaked does not wait: ${lineFor(ROTATE_AT_ONCE, secret)}`;
}

/** What an emergency, a dead key or going back did not wait for. */
export function passedText({ why }: Waiting): string {
  return `this does not wait although ${why}`;
}

/** The same in the few words that a rotation keeps. */
export function passedNote({ until }: Waiting): string {
  return `did not wait${until === undefined ? '' : ` until ${spokenMinuteBy(until)}`} for windows and freezes`;
}
