import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { isRecord, parseJson, parseRecord } from '../../src/core/values/json.ts';
import { SETTINGS } from '../../src/core/settings/settings.ts';
import { allPapers, anchorsOf, blocksOf, linksOf, type Paper } from './markdown.ts';

const ROOT = new URL('../../', import.meta.url);
const papers = allPapers();
const manifest = parseRecord(readFileSync(new URL('package.json', ROOT), 'utf8'));
const SCRIPTS = Object.keys(isRecord(manifest?.['scripts']) ? manifest['scripts'] : {});

/** What is wrong with the links of a paper: each must lead to a file and a heading of ours, or out by https. */
function deadLinks(paper: Paper): readonly string[] {
  return linksOf(paper).filter((link) => {
    if (/^[a-z]+:/.test(link)) return !link.startsWith('https://');
    const [file = '', anchor] = link.split('#');
    const path = file === '' ? paper.path : posix.join(posix.dirname(paper.path), file);
    if (!existsSync(new URL(path, ROOT))) return true;
    if (anchor === undefined) return false;
    const target = papers.find((other) => other.path === path);
    return target === undefined || !anchorsOf(target).has(anchor);
  });
}

test('the papers an operator needs are there', () => {
  const paths = papers.map(({ path }) => path);
  for (const wanted of [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'docs/runbook.md',
    'docs/threat-model.md',
  ])
    expect(paths).toContain(wanted);
});

describe.each(papers.map((paper) => [paper.path, paper] as const))('%s', (_path, paper) => {
  test('has links that lead somewhere', () => {
    expect(deadLinks(paper)).toEqual([]);
  });

  test('has JSON that parses', () => {
    const broken = blocksOf(paper).filter(({ language, code }) => language === 'json' && parseJson(code) === undefined);
    expect(broken).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const named = [...paper.text.matchAll(/npm (?:run ([a-z:]+)|(test|start)\b)/g)].map(
      ([, script, short]) => script ?? short ?? '',
    );
    expect(named.filter((name) => !SCRIPTS.includes(name))).toEqual([]);
  });

  test('names only settings that exist', () => {
    const named = [...paper.text.matchAll(/KEY_WARDEN_[A-Z]+(?:_[A-Z]+)*/g)].map(([name]) => name);
    expect([...new Set(named)].filter((name) => !(name in SETTINGS))).toEqual([]);
  });
});

test.each([
  ['a file that is not there', '[x](docs/none.md)'],
  ['a heading that is not there', '[x](docs/runbook.md#none)'],
  ['a heading of its own that is not there', '[x](#none)'],
  ['a way out without https', '[x](http://example.com)'],
])('a planted link is found: %s', (_what, text) => {
  expect(deadLinks({ path: 'README.md', text })).toHaveLength(1);
});
