import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Form } from './forms.ts';

/** One annotation as a release in the field wrote it, and what it means. Moments in `value` are RFC 3339 texts. */
export interface Frozen {
  readonly annotation: string;
  readonly text: string;
  readonly value: unknown;
  /** What comes to be remembered next, and how it is written then: for fields that this release does not know. */
  readonly next?: unknown;
  readonly written?: string;
}

/** Files by name, such as `rotation-opened-full.json`, with their bytes as text. */
export type Files = ReadonlyMap<string, string>;

/** What to do about every fault that is found here. */
export const RULE =
  'A release in the field wrote this, and it must be read for as long as such a text may be on a secret. ' +
  'Put the file back as it was; for a new form add a new file beside it. ' +
  'If a name was renamed, the reader must go on understanding the old one, or every secret that holds it is stuck: ' +
  'keep the old word on disk, and say in test/record/forms.ts what the code calls it now.';

/** A frozen file, with its moments as the code has them. */
export function frozenOf(file: string): Frozen {
  return JSON.parse(file, (_, value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : value,
  );
}

/** The hash by which a file is listed. */
export function hashOf(file: string): string {
  return createHash('sha256').update(file).digest('hex');
}

/** The hashes of a list in the form of sha256sum, by file. */
export function listedIn(sums: string): ReadonlyMap<string, string> {
  const lines = sums.trimEnd().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** The files held against the list of their hashes, `sums` in the form of sha256sum: one sentence for every difference. */
export function changesOf(files: Files, sums: string): readonly string[] {
  const listed = listedIn(sums);
  const lost = [...listed.keys()].filter((name) => !files.has(name)).map((name) => `v1/${name} is gone. ${RULE}`);
  const changed = [...files].flatMap(([name, file]) => {
    const hash = hashOf(file);
    if (listed.get(name) === hash) return [];
    return listed.has(name)
      ? [`v1/${name} was changed. ${RULE}`]
      : [`v1/${name} is new: npm run papers adds the line "${hash}  ${name}" to v1/SHA256SUMS.`];
  });
  return [...lost, ...changed];
}

/** Frozen texts that today's readers and writers take for something else: one sentence for every difference. */
export function misreadingsOf(files: Files, forms: Readonly<Record<string, Form>>): readonly string[] {
  return [...files].flatMap(([name, file]) => {
    const { annotation, text, value, next, written } = frozenOf(file);
    const form = forms[annotation];
    if (form === undefined) return [`v1/${name}: nothing reads the annotation ${annotation} any more. ${RULE}`];
    const read = form.read(text);
    if (read === undefined) return [`v1/${name} cannot be read any more. ${RULE}`];
    if (!isDeepStrictEqual(withoutAbsent(read), value))
      return [`v1/${name} is read as something else: ${JSON.stringify(read)}. ${RULE}`];
    const rewritten = written === undefined ? form.rewrite?.(text) : form.change?.(text, next);
    return rewritten === undefined || rewritten === (written ?? text)
      ? []
      : [`v1/${name} is written back otherwise: ${rewritten}. ${RULE}`];
  });
}

/** A field that is `undefined` is one that is not there: neither is written. */
function withoutAbsent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A closed set of which one word is stored under a field of an annotation. */
export interface ClosedSet {
  readonly annotation: string;
  /** Absent where the members are themselves names of fields. */
  readonly field?: string;
  readonly members: readonly string[];
}

/** Members of closed sets that no frozen file holds: one sentence for each. */
export function unfrozenOf(files: Files, sets: readonly ClosedSet[]): readonly string[] {
  const frozen = [...files.values()].map(frozenOf);
  return sets.flatMap(({ annotation, field, members }) => {
    const entries = frozen.flatMap((one) => (one.annotation === annotation ? entriesOf(one.value) : []));
    const words = entries.flatMap(([name, inner]) => (field === undefined ? [name] : name === field ? [inner] : []));
    return members
      .filter((member) => !words.includes(member))
      .map((member) => {
        const word = field === undefined ? `the field "${member}"` : `"${field}":"${member}"`;
        return (
          `No file in test/record/v1 holds ${word} of ${annotation}. If it is new: add a file with the text that holds it, ` +
          `before a release writes it. If it was renamed, so that files hold the old name: ${RULE}`
        );
      });
  });
}

/** Every field anywhere in a value, by its name. */
function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[name, inner] as const, ...entriesOf(inner)]);
}
