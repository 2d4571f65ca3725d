import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageOf } from '../../../src/app/page/page.ts';
import { refusalPage } from '../../../src/app/page/refusal.ts';
import { browserHere, startBrowser, type Browser, type Look } from '../../support/browser.ts';
import { memberOf } from '../../support/members.ts';
import { heldBackPage, pageFleet, pageOfMembers } from '../../support/page-fleet.ts';
import { consumer, read, readersBy } from '../../support/readings.ts';

const here = browserHere();
// Loud, because what these tests show is then shown by nobody.
if (here === undefined)
  process.stderr.write(
    '\n*** NOT TESTED: no browser is on this machine, so the page was looked at by none. Install Debian’s chromium, or name one in CHROMIUM. ***\n\n',
  );
const inBrowser = here === undefined ? describe.skip : describe;

const folder = mkdtempSync(join(tmpdir(), 'key-warden-pages-'));
const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const READ = memberOf();
const readBy = (count: number) => {
  const consumers = Array.from({ length: count }, (_, at) =>
    consumer(`${'very-long-name-'.repeat(12)}${at}`, [read(at === 0 ? '7' : 'current', 'p', { at: 'K'.repeat(250) })]),
  );
  return readersBy({ [READ.secret]: consumers }, ['Cannot list the functions of ads-prod: permission is missing']);
};
const PAGES = {
  fleet: pageOf(
    pageFleet(60, [{ secret: `projects/123456789012/secrets/${'very-long-name-'.repeat(12)}`, condition: 'held' }]),
  ),
  'held back': pageOf(heldBackPage(60)),
  empty: pageOf(pageOfMembers([])),
  well: pageOf(pageOfMembers([memberOf()], { problems: ['project ads-prod: secretmanager.secrets.list is missing'] })),
  consumers: pageOf({ ...pageOfMembers([READ, memberOf({ secret: 'projects/p/secrets/idle' })]), readers: readBy(3) }),
  'many consumers': pageOf({ ...pageOfMembers([READ]), readers: readBy(60) }),
  refusal: refusalPage(403, 'jane@example.com is not among those who may look'),
} as const;
const urlOf = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;
const LIGHT: Look = { width: 1280, scheme: 'light' };
const DARK_PHONE: Look = { width: 360, scheme: 'dark' };
const CASES = [
  ['fleet', { width: 1280, scheme: 'dark' }],
  ['fleet', { width: 360, scheme: 'light' }],
  ...Object.keys(PAGES).flatMap((name) => [[name, LIGHT] as const, [name, DARK_PHONE] as const]),
] as const;
const AXE_RUN = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ').slice(0, 900)))`;

inBrowser('the page in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    for (const [name, html] of Object.entries(PAGES)) writeFileSync(join(folder, `${name}.html`), html);
    browser = await startBrowser(String(here));
  }, 60_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(CASES)('%s, seen %j: axe finds nothing, and nothing stands out at the side', async (name, look) => {
    const page = await browser.open(urlOf(name), look);
    expect(await page.run(`${AXE};${AXE_RUN}`)).toEqual([]);
    expect(await page.run('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width);
    expect(page.requests).toEqual([urlOf(name)]);
    expect(page.complaints).toEqual([]);
  });

  test('what axe is there to find is found: a picture without words, and a grey that nobody can read', async () => {
    const page = await browser.open(urlOf('well'), LIGHT);
    const planted = `document.querySelector('main').insertAdjacentHTML('beforeend', '<svg role="img"></svg><svg><text>a</text></svg>');
      const rule = new CSSStyleSheet(); rule.replaceSync('.lead { color: #ddd }'); document.adoptedStyleSheets = [rule];`;
    const found = await page.run(`${AXE};${planted}${AXE_RUN}`);
    expect(String(found)).toMatch(/color-contrast: .*class="lead"/);
    expect(String(found)).toMatch(/svg-img-alt: /);
  });

  test('it applies its style under its own policy, and is dark where the reader is', async () => {
    const ground = async (scheme: Look['scheme']) => {
      const page = await browser.open(urlOf('fleet'), { width: 1280, scheme });
      return page.run('getComputedStyle(document.body).backgroundColor');
    };
    expect([await ground('light'), await ground('dark')]).toEqual(['rgb(253, 253, 252)', 'rgb(21, 23, 26)']);
  });

  test('it is whole without scripts: a link opens the history of a secret, by keyboard alone', async () => {
    const page = await browser.open(urlOf('fleet'), { width: 1280, scheme: 'light', scripts: false });
    await page.run(`document.querySelector('#failing td.last a').focus()`);
    const open = `[...document.querySelectorAll('details[open] summary b')].map((one) => one.textContent).join()`;
    expect(await page.run(open)).toBe('');
    await page.press('Enter');
    expect(await page.run(`document.activeElement.textContent + location.hash.slice(0, 9)`)).toContain('#history-');
    expect(await page.run(open)).toBe('old-app');
  });

  test('many consumers are folded, and a key unfolds those of a secret without scripts', async () => {
    const page = await browser.open(urlOf('many consumers'), { width: 1280, scheme: 'light', scripts: false });
    const seen = `[...document.querySelectorAll('#consumers details.bad li')].filter((one) => one.checkVisibility()).length`;
    expect(await page.run(seen)).toBe(0);
    await page.run(`document.querySelector('#consumers details.bad summary').focus()`);
    await page.press('Enter');
    expect(await page.run(seen)).toBe(60);
  });

  test('the first stop of the keyboard leads past everything to the list', async () => {
    const page = await browser.open(urlOf('fleet'), { width: 1280, scheme: 'light' });
    await page.press('Tab');
    expect(await page.run('document.activeElement.textContent')).toBe('To the list of secrets');
    expect(await page.run('document.activeElement.getBoundingClientRect().top >= 0')).toBe(true);
  });

  test('a table stays one for whoever does not see it, also where it is not drawn as one', async () => {
    for (const width of [1280, 360]) {
      const page = await browser.open(urlOf('fleet'), { width, scheme: 'light' });
      expect(await page.run(`document.querySelectorAll('[role=row] > :not([role])').length`)).toBe(0);
      const shown = await page.run(
        `[...document.querySelectorAll('.diagram svg')].filter((one) => one.checkVisibility()).length`,
      );
      expect(shown).toBe(1);
    }
  });

  test('a text that is markup elsewhere runs nothing', async () => {
    const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
    const path = join(folder, 'hostile.html');
    writeFileSync(
      path,
      pageOf({
        ...pageOfMembers([memberOf({ secret: hostile, project: hostile }), memberOf()], { problems: [hostile] }),
        readers: readersBy({ [hostile]: [consumer(hostile, [read(hostile)], { name: hostile })] }, [hostile]),
      }),
    );
    const page = await browser.open(pathToFileURL(path).href, { width: 1280, scheme: 'light' });
    expect(await page.run('document.title')).toBe('All 2 secrets that could be seen are well · Gemini keys');
    expect(await page.run(`document.body.textContent.includes('onerror=')`)).toBe(true);
    expect(page.requests).toHaveLength(1);
  });
});
