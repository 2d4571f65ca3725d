import { redact } from '../../core/key/redact.ts';
import type { Case } from './cases.ts';

/**
 * The cases of a run in JUnit's XML, as far as GitLab and Jenkins read it: a case by `classname` and `name`, what is wrong as `failure`,
 * what could not be told as `error`, what was not looked at as `skipped`, advice as output of a case. No key gets into it (I9).
 */
export function junitOf(command: string, cases: readonly Case[]): string {
  const count = (kind: Case['is']): number => cases.filter(({ is }) => is === kind).length;
  const counts = `tests="${cases.length}" failures="${count('wrong')}" errors="${count('open')}" skipped="${count('not_looked')}"`;
  const name = `key-warden ${command}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${escaped(name)}" ${counts}>`,
    ...cases.map((one) => caseOf(name, one)),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(suite: string, { name, is, title, text }: Case): string {
  return `<testcase classname="${escaped(suite)}" name="${escaped(name)}">${endOf(is, title, text)}</testcase>`;
}

/** GitLab shows what stands in an element, and Jenkins its message as well. */
function endOf(is: Case['is'], title: string, text: string): string {
  switch (is) {
    case 'well':
      return '';
    case 'wrong':
      return `<failure message="${escaped(title)}">${escaped(`${title}\n${text}`)}</failure>`;
    case 'open':
      return `<error message="${escaped(title)}">${escaped(`${title}\n${text}`)}</error>`;
    case 'not_looked':
      return `<skipped message="${escaped(text)}">${escaped(text)}</skipped>`;
    case 'advice':
      return `<system-out>${escaped(text)}</system-out>`;
  }
}

const SPELLED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text that no document can be broken by, in an element or between quotes. What XML 1.0 has no place for becomes a question mark. */
function escaped(text: string): string {
  return redact(text)
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '?')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => SPELLED[character] ?? '');
}
