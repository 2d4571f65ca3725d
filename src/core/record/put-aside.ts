import { recordOf } from './secret-record.ts';
import { spaceMissing, type Spacious } from './space.ts';

/** Annotations that are put out of the way, and what they are called from then on. */
export interface Aside {
  readonly annotations: Readonly<Record<string, string | null>>;
  /** Their new names; none where there was no room for them beside what a rotation needs. */
  readonly keptAs: readonly string[];
}

/** The change that puts annotations aside: a person, or the release that wrote them, can still look. */
export function putAside(secret: Spacious, names: readonly string[]): Aside {
  const all = Object.entries(secret.annotations);
  const removed = Object.fromEntries(names.map((name) => [name, null]));
  const kept = Object.fromEntries(
    all.filter(([name]) => names.includes(name)).map(([name, text]) => [asideOf(name), text]),
  );
  const after = { ...Object.fromEntries(all.filter(([name]) => !names.includes(name))), ...kept };
  return spaceMissing({ annotations: after, aliases: secret.aliases, record: recordOf(after) }) === undefined
    ? { annotations: { ...removed, ...kept }, keptAs: Object.keys(kept) }
    : { annotations: removed, keptAs: [] };
}

function asideOf(name: string): string {
  return `${name}-aside`;
}
