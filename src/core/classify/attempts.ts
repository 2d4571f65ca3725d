import { readable, statusIn } from './status-in-text.ts';

/** Where one attempt ends and the next begins: a numbered attempt, a log line, a status line, a body of its own. */
const BEGINNING =
  /^(?=[ \t]{0,20}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|(?:attempt|try|retry|retrying|versuch|run)\b[ \t#:(]{0,4}\d{1,4}\b|(?:< )?HTTP\/\d(?:\.\d)? [2-5]\d\d\b))|^(?=\{\s{0,20}"error")/gim;

/** The attempts in a pasted text that were refused, in their order; of a text with one answer, that text. */
export function attemptsIn(text: string): readonly string[] {
  const parts = readable(text).split(BEGINNING);
  if (parts.length === 1) return [text];
  const refused = parts.filter((part) => (statusIn(part) ?? 0) >= 400);
  return refused.length > 1 ? refused : [text];
}
