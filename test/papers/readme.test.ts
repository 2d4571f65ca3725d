import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { CAUSES } from '../../src/core/causes/causes.ts';
import { run } from '../support/captured.ts';
import { settingsTable, withGenerated } from './generated.ts';
import { blocksOf } from './markdown.ts';
import { PAPERS } from './papers.ts';

const ROOT = new URL('../../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');

/** Whatever makes it longer has a page of its own under docs. */
const LINES_MAX = 190;

describe('the README', () => {
  test.each(Object.entries(PAPERS))('%s shows what the code says now (npm run papers writes it)', (name, blocks) => {
    const paper = readFileSync(new URL(name, ROOT), 'utf8');
    for (const block of Object.keys(blocks)) expect(paper).toContain(`<!-- /${block} -->`);
    expect(withGenerated(paper, blocks)).toBe(paper);
  });

  test('a stale block is noticed', () => {
    const stale = '<!-- settings -->\nold\n<!-- /settings -->';
    expect(withGenerated(stale, { settings: settingsTable })).toContain('KEY_WARDEN_PROJECTS');
  });

  test('counts the causes right', () => {
    expect(README).toContain(`fails: ${Object.keys(CAUSES).length} causes`);
  });

  test('is short enough to be read', () => {
    expect(README.split('\n').length).toBeLessThan(LINES_MAX);
  });

  test('shows of the demo what the demo says', async () => {
    const [shown = ''] = blocksOf({ path: 'README.md', text: README }).flatMap(({ language, code }) =>
      language === 'text' ? [code] : [],
    );
    const timeless = (text: string) =>
      text
        .split('\n')
        .map((line) => line.replace(/^ {2}\d\d:\d\d:\d\d {2}/, ''))
        .filter((line) => line !== '');
    const { out } = await run(['demo']);
    const said = timeless(out);
    expect(timeless(shown).length).toBeGreaterThan(5);
    expect(timeless(shown).filter((line) => !said.includes(line))).toEqual([]);
  });
});
