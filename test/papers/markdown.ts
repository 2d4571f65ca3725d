import { readdirSync, readFileSync } from 'node:fs';
import { anchorOf } from '../../src/cli/show/runbook-sections.ts';

const ROOT = new URL('../../', import.meta.url);
const NOT_OURS = /^(?:node_modules|coverage|dist|out)(?:\/|$)|(?:^|\/)\./;

/** A paper: its path from the root, and its text. */
export interface Paper {
  readonly path: string;
  readonly text: string;
}

/** A code block of a paper. */
export interface Block {
  readonly path: string;
  readonly language: string;
  readonly code: string;
}

/** Every Markdown file of the repository. */
export function allPapers(): readonly Paper[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !NOT_OURS.test(path) && !path.includes('node_modules/'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') }));
}

/** The fenced code blocks of a paper. */
export function blocksOf({ path, text }: Paper): readonly Block[] {
  return [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)].map(([, language = '', code = '']) => ({
    path,
    language,
    code,
  }));
}

/** Without code blocks, whose brackets are no links. */
function prose({ text }: Paper): string {
  return text.replace(/^ *```\w*\n[\s\S]*?^ *```$/gm, '');
}

/** Where the links of a paper lead, code left out. */
export function linksOf(paper: Paper): readonly string[] {
  const text = prose(paper).replace(/`[^`\n]*`/g, '`');
  return [...text.matchAll(/\]\(([^)\s]+)\)|<((?:https?|mailto):[^>\s]+)>/g)].map(
    ([, inline, pointed]) => inline ?? pointed ?? '',
  );
}

/** Anchors of a paper’s headings. */
export function anchorsOf(paper: Paper): ReadonlySet<string> {
  return new Set([...prose(paper).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => anchorOf(title)));
}

/** Lines of shell in a paper: its shell blocks with continued lines joined, and its inline code. */
export function shellOf(paper: Paper): readonly string[] {
  const lines = blocksOf(paper)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'));
  const inline = [...prose(paper).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...inline].map((line) => line.trim()).filter((line) => line !== '');
}
