import { finding, type LintFinding, type LintKind } from './lint-finding.ts';
import type { KeyRun } from './key-runs.ts';
import { strayFindings, withoutStrays } from './stray-characters.ts';

type Row = readonly [kind: LintKind, looks: RegExp, says: string];

const URL_AROUND = 'the value is a URL, or a part of one, with the key inside';
const PUNCTUATION = 'a comma, a backslash or another sign stands beside the key';

/** What stands before a key, and is no part of it; the first row that fits. */
const BEFORE: readonly Row[] = [
  ['url', /[?&][\w-]{1,40}=$|https?:\/\/\S{0,2000}$|%[0-9a-f]{2}$/i, URL_AROUND],
  [
    'assignment',
    /[=:]\s{0,40}["']?$|\bbearer\s{1,40}$/i,
    'the value holds the name of a variable or header in front of the key',
  ],
  ['stray_punctuation', /^[^\w\s]{1,8}$/, PUNCTUATION],
  ['other_text', /./s, 'other text stands in front of the key'],
];

const AFTER: readonly Row[] = [
  ['stray_punctuation', /^[^\w\s]{1,8}\s{0,40}$/, PUNCTUATION],
  ['comment', /^["']?\s{0,80}(?:#|\/\/|--|<!--|;)/, 'a comment stands behind the key'],
  [
    'literal_escape',
    /^\\{1,2}(?:[nrt]|u000|x0)/,
    'a backslash and a letter stand behind the key: two characters, and no newline',
  ],
  ['url', /^["']?[&?%/]/, URL_AROUND],
  ['other_text', /./s, 'other text stands behind the key'],
];

/** Names what stands around a key in the text that holds it. `value` is all of what is stored. */
export function surroundingFindings(text: string, { start, end }: KeyRun, value: string): readonly LintFinding[] {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const around = [
    ...nameOf(BEFORE, withoutStrays(before).trim()),
    ...nameOf(AFTER, withoutStrays(after).trimEnd()),
  ].filter(({ kind }, at, all) => all.findIndex((other) => other.kind === kind) === at);
  // What is part of a comment or of other words is named with them.
  const beside = `${Array.from(before.slice(-2)).at(-1) ?? ''}${Array.from(after.slice(0, 2))[0] ?? ''}`;
  return [...strayFindings(beside, value), ...around];
}

function nameOf(rows: readonly Row[], around: string): readonly LintFinding[] {
  const row = rows.find(([, looks]) => looks.test(around));
  return row === undefined ? [] : [finding(row[0], row[2], 'without it, ')];
}
