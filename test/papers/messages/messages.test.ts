import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { slackPage } from './chats.ts';
import { messagePages, SEEN } from './pages.ts';

const ROOT = new URL('../../../', import.meta.url);
const FOLDER = new URL('docs/pictures/messages/', ROOT);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const PAGES = Object.entries(messagePages());

test('the pages show the messages of now (npm run papers writes them)', () => {
  for (const [path, html] of PAGES) expect([path, textOf(path)]).toEqual([path, html]);
});

test('each page has a picture of less than 100 kB, and no other is there', () => {
  const pictures = readdirSync(FOLDER).filter((name) => name.endsWith('.png'));
  expect(pictures.toSorted()).toEqual(SEEN.map((kind) => `${kind}.png`).toSorted());
  for (const name of pictures) expect([name, statSync(new URL(name, FOLDER)).size < 100_000]).toEqual([name, true]);
});

test('a picture that was drawn from an older page is said to be old; only a browser can draw it anew', () => {
  const drawn = textOf('docs/pictures/messages/SHA256SUMS');
  for (const [path, html] of PAGES) {
    const name = path.replace(/.*\//, '');
    expect(drawn).toContain(`  ${name}\n`);
    const isNow = drawn.includes(`${createHash('sha256').update(html).digest('hex')}  ${name}\n`);
    if (!isNow)
      process.stderr.write(`OLD PICTURE: ${name.replace('html', 'png')} shows an older message (npm run pictures)\n`);
  }
});

test('every page says whom, since when, what to do and the command', () => {
  for (const [path, html] of PAGES) {
    const text = html.replaceAll(/<[^>]+>|&quot;/g, '');
    for (const fact of [
      /app-key in demo-project/,
      /2026-11-24.03:00/,
      /key-warden rotate --secret projects\/demo-project/,
    ])
      expect([path, text]).toEqual([path, expect.stringMatching(fact)]);
  }
});

test('a block that cannot be drawn is not left out in silence', () => {
  expect(() => slackPage({ blocks: [{ type: 'image' }] })).toThrow('no picture of a block of type image');
});
