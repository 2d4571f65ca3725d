import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { NOTICE_TYPES } from '../../../src/core/alerts/notice.ts';
import { CAUSES, isCause } from '../../../src/core/causes/causes.ts';
import { NO_ALERTS } from '../../../src/core/settings/alert-settings.ts';
import { run } from '../../support/captured.ts';
import { NOTICES, ORIGIN } from '../../support/notices.ts';

const runbook = (...words: readonly string[]) => run(['runbook', ...words]);
const causes = Object.keys(CAUSES).filter(isCause);
const alarms = readFileSync(new URL('../../../terraform/alerts.tf', import.meta.url), 'utf8');
const TITLES = [...alarms.matchAll(/^ {6}title += "([^"]+)"$/gm)].map(([, title = '']) => title);

describe('a section is found', () => {
  test.each(causes)('by the cause and by what an alert calls it: %s', async (cause) => {
    const { runbook: anchor, title } = CAUSES[cause];
    const named = await runbook(anchor);
    expect(named).toMatchObject({ code: 0, err: '' });
    expect(named.out).toMatch(new RegExp(`^${anchor}\\n`));
    expect((await runbook(...title.split(' '))).out).toBe(named.out);
  });

  test.each(TITLES)('by the title of an alarm: %s', async (title) => {
    const { code, out } = await runbook(title);
    expect([code, out.split('\n')[0]?.toLowerCase()]).toEqual([0, title.toLowerCase()]);
  });

  test.each(NOTICE_TYPES)('by the address in an alert, which is absolute without any setting: %s', async (type) => {
    const { data } = eventOf(NOTICES[type], { ...ORIGIN, runbook: NO_ALERTS.runbook });
    expect(data.runbook).toMatch(/^https:\/\/[^#]+\/docs\/runbook\.md#[\w-]+$/);
    expect((await runbook(data.runbook)).code).toBe(0);
  });
});

test('without a name it prints the tree and lists every section', async () => {
  const { code, out } = await runbook();
  expect(code).toBe(0);
  expect(out).toMatch(/^Where to start\n/);
  const listed = /^All sections: (.+)$/m.exec(out)?.[1]?.split(', ') ?? [];
  expect(listed).toEqual(expect.arrayContaining([...causes.map((cause) => CAUSES[cause].runbook), 'worker-down']));
});

test('commands stand whole on lines of their own, also at sixty columns', async () => {
  const { out } = await run(['runbook', 'lost key'], { width: 60 });
  expect(out).toContain('\n     gcloud secrets versions list SECRET_ID --project=PROJECT_ID\n   Enable it:\n');
  expect(out.split('\n').filter((line) => line.length > 60 && !/^ +gcloud /.test(line))).toEqual([]);
  expect((await runbook('Runbook')).out).toContain('\n  gcloud auth login && gcloud auth application-default login\n');
});

test('headings inside of a paragraph are bold, and begin a line where nothing is', async () => {
  const plain = await runbook('key_invalid');
  expect(plain.out).toMatch(/^Users feel\. .+\.\nA cure takes\. .+\.\nWake\. .+\.$/m);
  const { out } = await run(['runbook', 'key_invalid'], { colour: true, width: 200 });
  const line = out.split('\n').find((one) => one.includes('Users feel.')) ?? '';
  for (const heading of ['Users feel.', 'A cure takes.', 'Wake.'])
    expect(line).toContain(`${styleText('bold', heading, { validateStream: false })} `);
});

test.each([undefined, 40, 60])('no mark of Markdown stays where lines are broken at %s columns', async (width) => {
  const all = causes.map(async (cause) => (await run(['runbook', cause], width === undefined ? {} : { width })).out);
  expect((await Promise.all(all)).filter((out) => out.includes('**'))).toEqual([]);
});

test('where its name is not known, it says which may be meant', async () => {
  expect(await runbook('key_leakd')).toEqual({
    code: 2,
    out: '',
    err: 'key-warden: the runbook has no section "key_leakd"; did you mean key_leaked?\n',
  });
  expect((await runbook('leaked')).err).toContain(
    'did you mean key_leaked, a-key-leaked-at-3-am, a-leaked-key-is-still-alive?',
  );
  expect((await runbook('nothing like it')).err).toContain('; key-warden runbook lists all');
});

test('what is printed of a sick key leads to its section, by a command and by the address that is set', async () => {
  const text = '403 Your API key was reported as leaked';
  const ours = await run(['explain', text]);
  expect(ours.out).toMatch(/Runbook +key-warden runbook key_leaked\n +https:\/\/.+#key_leaked\n/);
  const theirs = await run(['explain', text], { environment: { KEY_WARDEN_RUNBOOK_URL: 'https://wiki.example/r' } });
  expect(theirs.out).toMatch(/Runbook +key-warden runbook key_leaked\n +https:\/\/wiki\.example\/r#key_leaked\n/);
});
