import { redact } from '../key/redact.ts';
import { isoOf, type Instant } from '../values/time.ts';

/** The API Keys API takes display names of up to 63 characters. */
const DISPLAY_NAME_MAX = 63;
/** Such as ` (2026-11-29)`, which an earlier rotation may have put there. */
const DATE = / \(\d{4}-\d{2}-\d{2}\)$/;

/** The display name of a new key: the old one's, by which people know it, and the day of its rotation. */
export function successorName(name: string, openedAt: Instant): string {
  const date = ` (${isoOf(openedAt).slice(0, 10)})`;
  return `${name
    .replace(DATE, '')
    .slice(0, DISPLAY_NAME_MAX - date.length)
    .toWellFormed()}${date}`;
}

/**
 * The annotations of the old key that a setting lists, separated by commas. What they mean is their writers' business, so that
 * nothing else is carried; and no key is, whoever wrote it there (I9).
 */
export function carriedAnnotations(
  annotations: Readonly<Record<string, string>>,
  list = '',
): Readonly<Record<string, string>> {
  const names = list.split(',');
  return Object.fromEntries(
    Object.entries(annotations).filter(([name, value]) => names.includes(name) && redact(value) === value),
  );
}
