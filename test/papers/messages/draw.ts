/** `npm run pictures`: draws the pages of messages (`npm run papers` writes them) with Chromium, a PNG beside each. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { WIDTH } from './page.ts';
import { messagePages } from './pages.ts';

const ROOT = new URL('../../../', import.meta.url);
/** Which page each picture was drawn from. */
const SUMS = new URL('docs/pictures/messages/SHA256SUMS', ROOT);

/** What lies deeper is scrolled to, also on a phone. */
const HEIGHT_MAX = 940;

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (chromium === undefined) {
  process.stderr.write(
    'NOT DRAWN: there is no Chromium on this machine (apt-get install chromium fonts-noto-color-emoji)\n',
  );
  process.exit(3);
}

const profile = mkdtempSync(join(tmpdir(), 'pictures-'));
const words = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--allow-file-access-from-files',
  `--user-data-dir=${profile}`,
];
const sums: string[] = [];
for (const [path, html] of Object.entries(messagePages())) {
  const page = new URL(path, ROOT);
  writeFileSync(page, html);
  const dom = execFileSync(chromium, [...words, `--window-size=${WIDTH},900`, '--dump-dom', measuring(html, page)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const height = Math.min(Number(/data-height="(\d+)"/.exec(dom)?.[1]), HEIGHT_MAX);
  const picture = fileURLToPath(page).replace(/html$/, 'png');
  execFileSync(
    chromium,
    [
      ...words,
      '--force-device-scale-factor=1',
      `--window-size=${WIDTH},${height}`,
      `--screenshot=${picture}`,
      page.href,
    ],
    { stdio: 'ignore' },
  );
  sums.push(`${createHash('sha256').update(html).digest('hex')}  ${path.replace(/.*\//, '')}`);
  process.stdout.write(`${picture}: ${readFileSync(picture).length} bytes, ${height} high\n`);
}
writeFileSync(SUMS, `${sums.join('\n')}\n`);
rmSync(profile, { recursive: true });

/** The page with a script that says how high it became. */
function measuring(html: string, page: URL): string {
  const file = join(profile, 'measured.html');
  const script =
    '<script>addEventListener("load", () => { document.body.dataset.height = String(Math.ceil(document.body.getBoundingClientRect().height)) })</script>';
  writeFileSync(
    file,
    html.replace('<meta', `<base href="${page.href}" /><meta`).replace('</html>', `${script}</html>`),
  );
  return `file://${file}`;
}
