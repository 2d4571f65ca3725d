import { beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pictures } from './pictures.ts';
import { slackPicture } from './slack-picture.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

let drawn: Readonly<Record<string, string>>;
beforeAll(async () => {
  drawn = await pictures();
});

test('the pictures show what is said now (npm run papers draws them)', () => {
  expect(Object.keys(drawn)).toHaveLength(3);
  for (const [path, svg] of Object.entries(drawn)) expect([path, textOf(path)]).toEqual([path, svg]);
});

test('the README shows every picture', () => {
  for (const path of Object.keys(drawn)) expect(textOf('README.md')).toContain(`](${path})`);
});

test('they show a leak and the command that ends it, and a rotation that drains', () => {
  expect(drawn['docs/pictures/slack-alert.svg']).toContain('rotate --secret projects/demo-project/secrets/search-app');
  expect(drawn['docs/pictures/status.svg']).toContain('the old key is kept while consumers take up the new one');
});

test('a block that it cannot draw is not left out in silence', () => {
  expect(() => slackPicture({ blocks: [{ type: 'image' }] })).toThrow('cannot draw a block of type image');
});
