import { clip } from '../values/clip.ts';
import { redact } from './redact.ts';

/**
 * A reason, an owner or a note in a person's own words, as it may go on: into an annotation, an event, a table. People
 * paste the very key that they are writing about, so it is taken out where the text enters (I9), before the text is cut
 * and before its lines are joined, and once more after that: a key may be broken over two of them. One line, bounded.
 */
export function freeText(text: string, charactersMax: number): string {
  const oneLine = redact(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return clip(redact(oneLine), charactersMax);
}
