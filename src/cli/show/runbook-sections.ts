import { CAUSES } from '../../core/causes/causes.ts';
import { nearest } from '../../core/values/nearest.ts';

/** A part of the runbook: one cause, one alarm, or one trouble of the machinery. */
export interface Section {
  /** What addresses end in, and what the command takes: `key_leaked`, `worker-down`. */
  readonly anchor: string;
  readonly title: string;
  /** Its Markdown, without its own heading. */
  readonly text: string;
}

/** The sections of the runbook in their order, the alarms each as one of its own; what stands before the first comes first. */
export function sectionsOf(markdown: string): readonly Section[] {
  return markdown.split(/^(?=#{1,3} )/m).map((chapter) => {
    const [, title = '', text = ''] = /^#+ (.+)\n([^]*)$/.exec(chapter) ?? [];
    return { anchor: anchorOf(title), title, text: text.trim() };
  });
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** The section that somebody means, or the names of those that they may have meant. */
export type Found = { readonly section: Section } | { readonly meant: readonly string[] };

/** Most names to choose from. */
const MEANT_MAX = 6;

/**
 * Finds a section by whatever an alert shows of it: its address, its name, the title of its alarm or of its cause.
 * Example: `key_leaked`, `key leaked`, `https://wiki.example/runbook#key_leaked`, `the key was reported as leaked`.
 */
export function sectionNamed(sections: readonly Section[], words: string): Found {
  const wanted = bare(words.slice(words.lastIndexOf('#') + 1));
  const named = sections.map((section) => ({ section, names: [section.anchor, ...causeTitles(section)].map(bare) }));
  const exact = named.find(({ names }) => names.includes(wanted));
  if (exact !== undefined) return exact;
  const near = nearest(
    wanted,
    named.flatMap(({ names }) => names),
  );
  const meant = named.filter(({ names }) => names.some((name) => name.includes(wanted) || name === near));
  return { meant: meant.slice(0, MEANT_MAX).map(({ section }) => section.anchor) };
}

function causeTitles({ anchor }: Section): readonly string[] {
  return Object.values(CAUSES)
    .filter(({ runbook }) => runbook === anchor)
    .map(({ title }) => title);
}

/** Letters and digits alone: nobody remembers where the hyphens are. */
function bare(words: string): string {
  return anchorOf(words).replaceAll(/[\s_-]/g, '');
}
