import { NOTICE_TYPES } from '../../src/core/alerts/notice.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ON_CALL } from '../../src/core/causes/on-call.ts';
import { CAUSES, isCause, newKeyHelps, type Cause } from '../../src/core/causes/causes.ts';
import { eventFor } from '../support/notices.ts';
import { NO_ALERTS } from '../../src/core/settings/alert-settings.ts';
import { RUNBOOK_ADDRESS } from '../../src/core/settings/runbook-address.ts';
import { isRecord, parseRecord } from '../../src/core/values/json.ts';
import { anchorOf } from '../../src/cli/show/runbook-sections.ts';

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const [preface = '', ...chapters] = runbook.split(/^## /m);
const sections = new Map(chapters.map((chapter) => [chapter.slice(0, chapter.indexOf('\n')), chapter] as const));
const anchors = new Set([...sections.keys()].map(anchorOf));
const causes = Object.keys(CAUSES).filter(isCause);

/** What goes wrong beside keys; alerts link to these anchors. */
const MACHINERY = [
  'By hand',
  'Without a key',
  'Whose hand was it',
  'Held rotation',
  'Unusual use',
  'Secret needs care',
  'Name not proven',
  'Waits for approval',
  'Stuck drain',
  'Lost key',
  'A key leaked at 3 a.m.',
  'Open leak',
  'Worker down',
  'Restore from nothing',
  'Alerts do not arrive',
  'Checks learn nothing',
  'Alerts arrive late',
  'Purge refuses',
];

test('there is one section per cause, and besides them the way in and the machinery', () => {
  expect([...sections.keys()]).toEqual(['Where to start', ...causes, ...MACHINERY, 'Alarms']);
  expect(chapters).toHaveLength(sections.size);
  expect(preface).toMatch(/^# Runbook\n/);
});

const HELPS = {
  yes: 'a new key helps',
  no: 'a new key does not help',
  'not known yet': 'whether a new key helps is not known yet',
} as const satisfies Record<ReturnType<typeof newKeyHelps>, string>;

test.each(causes)('%s: what it is, what users feel, whom to wake, what to do, what proves it', (cause) => {
  const section = sections.get(CAUSES[cause].runbook) ?? '';
  const { title, verdict, severity } = CAUSES[cause];
  const helps = HELPS[newKeyHelps(cause)];
  expect(section.toLowerCase()).toContain(`**${title.toLowerCase()}.** verdict \`${verdict}\`, ${severity}; ${helps}.`);
  const { usersFeel, cureTakes, provedWhen } = ON_CALL[cause];
  const at = [
    `**Users feel.** ${usersFeel}.`,
    `**A cure takes.** ${cureTakes}.`,
    '**Wake.**',
    '**Confirm.**',
    '**Do, in order.**',
    `**Proved when.** ${provedWhen}.`,
  ].map((part) => section.indexOf(part));
  expect(at.includes(-1)).toBe(false);
  expect(at.toSorted((a, b) => a - b)).toEqual(at);
});

const alarms = readFileSync(new URL('../../terraform/alerts.tf', import.meta.url), 'utf8');
const titles = [...alarms.matchAll(/^ {6}title += "([^"]+)"$/gm)].map(([, title = '']) => title);

test('every alarm has a section by its title, with what users feel, whom to wake, what to do and what proves it', () => {
  const [, ...told] = (sections.get('Alarms') ?? '').split(/^### /m);
  expect(titles.length).toBeGreaterThan(10);
  const named = titles.map((title) => title.slice(0, 1).toUpperCase() + title.slice(1));
  // One that takes more than a line has a section of the machinery.
  expect(told.map((section) => section.slice(0, section.indexOf('\n')))).toEqual(
    named.filter((title) => !sections.has(title)),
  );
  for (const section of told)
    expect(section).toMatch(/\*\*Users feel\.\*\* .+ \*\*Wake\.\*\* .+ \*\*Do\.\*\* .+ \*\*Proved when\.\*\* .+/s);
});

test('without a setting, alerts and alarms link to the runbook of this release, in the repository that package.json names', () => {
  const manifest = parseRecord(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) ?? {};
  const { repository, version } = manifest;
  const home = isRecord(repository) ? String(repository['url']).replace(/^git\+(https:.+)\.git$/, '$1') : '';
  expect(RUNBOOK_ADDRESS).toBe(`${home}/blob/v${String(version)}/docs/runbook.md`);
  expect(NO_ALERTS.runbook).toBe(RUNBOOK_ADDRESS);
  expect(alarms.match(/coalesce\(var\.alerts\.runbook_url, "([^"]+)"\)/)?.[1]).toBe(RUNBOOK_ADDRESS);
});

test('the way by hand stands there once: the sections of dead keys lead to it', () => {
  expect(runbook.match(/^\d+\. Prove it before anybody reads it/gm)).toHaveLength(1);
});

test.each(MACHINERY)('%s: what to do, when it is over, and a way in from the top', (title) => {
  const section = sections.get(title) ?? '';
  expect(section.indexOf('**Do, in order.**')).toBeGreaterThan(0);
  expect(section.indexOf('**Over when.**')).toBeGreaterThan(section.indexOf('**Do, in order.**'));
  expect(sections.get('Where to start')).toContain(`](#${anchorOf(title)})`);
});

/** Where a person or a tool may have done it, who is not the one that is called. */
const DONE_BY_SOMEBODY: readonly Cause[] = [
  'key_not_found',
  'api_blocked',
  'ip_blocked',
  'referrer_blocked',
  'android_blocked',
  'ios_blocked',
  'service_disabled',
  'store_disabled',
  'account_disabled',
  'billing_disabled',
  'secret_missing',
  'version_missing',
  'version_disabled',
  'version_destroyed',
  'access_denied',
];

test.each(DONE_BY_SOMEBODY)('%s: leads to the audit log, which tells whose hand it was', (cause) => {
  expect(sections.get(cause)).toContain('(#whose-hand-was-it)');
});

/** The steps of a section that take something from whoever uses it stand after all others, and say what they take. */
function misplaced(section: string): readonly string[] {
  const steps = section.split(/^(?=\d+\. )/m).slice(1);
  const isLast = (step: string) => /--cut-off-users`|api-keys delete |`key-warden revoke /.test(step);
  const first = steps.findIndex(isLast);
  return steps.filter((step, at) =>
    isLast(step) ? !/This (?:destroys|takes) the key/.test(step) : first >= 0 && at > first,
  );
}

test.each(MACHINERY)('%s: what cannot be undone comes last, with what it destroys', (title) => {
  expect(misplaced(sections.get(title) ?? '')).toEqual([]);
});

test('a step that destroys before another one, or does not say what, is found', () => {
  const silent = 'Do.\n1. `gcloud services api-keys delete KEY_ID`.\n';
  expect(misplaced(silent)).toHaveLength(1);
  expect(misplaced('Do.\n1. `key-warden revoke --secret S`. This destroys the key.\n2. Look.\n')).toEqual([
    '2. Look.\n',
  ]);
});

/** Markdown’s marks around addresses and its line breaks are not part of the words. */
function plain(markdown: string): string {
  return markdown
    .replace(/<(https:[^>]+)>/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

test.each(causes)('%s: says what the alert says, word for word: what it means, and every step', (cause) => {
  const section = sections.get(cause) ?? '';
  const list = section.slice(section.indexOf('**Do, in order.**'), section.indexOf('**Proved when.**'));
  expect(plain(section.split('\n\n')[2] ?? '')).toBe(CAUSES[cause].meaning);
  expect(list).toContain(`<!-- ${cause} -->\n\n1. `);
});

test.each(NOTICE_TYPES)('the link of a %s leads to a section', (type) => {
  expect([...anchors]).toContain(eventFor(type).data.runbook.split('#')[1]);
});

test('words of the worker that the runbook quotes are words that it says', () => {
  const quoted = [...runbook.matchAll(/\*\*“([^”]+)”\*\*/g)].map(([, words = '']) => words);
  expect(quoted.length).toBeGreaterThan(5);
  const source = new URL('../../src/', import.meta.url);
  const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(new URL(path, source), 'utf8'));
  expect(quoted.filter((words) => !code.some((text) => text.includes(words)))).toEqual([]);
});

test('every link leads somewhere: to a section of this page, or by https', () => {
  const targets = [...runbook.matchAll(/\]\(([^)]+)\)|<([a-z]+:[^>]+)>|(https?:[^\s>`'|]+)/g)].map(
    ([, inline, pointed, bare]) => inline ?? pointed ?? bare ?? '',
  );
  expect(targets.length).toBeGreaterThan(20);
  for (const target of targets) {
    const known = target.startsWith('#') ? anchors.has(target.slice(1)) : target.startsWith('https://');
    expect(known || target).toBe(true);
  }
});
