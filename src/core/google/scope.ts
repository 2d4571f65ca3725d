/** A part of an organisation, or all of it, as Google names it: `organizations/123456789012`, `folders/456`. */
export type Scope = `organizations/${string}` | `folders/${string}`;

/** The scope that a text names; `undefined` for anything else. It becomes part of a path. */
export function parseScope(text: string): Scope | undefined {
  const [found, kind, number] = /^(organizations|folders)\/(\d{1,20})$/.exec(text) ?? [];
  if (found === undefined) return undefined;
  return kind === 'folders' ? `folders/${number}` : `organizations/${number}`;
}
