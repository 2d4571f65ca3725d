import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A claim and the names of what holds it, each with its file. */
export interface Claim {
  readonly about: string;
  readonly held: readonly (readonly [file: string, name: string])[];
}

/** Claims of a paper of ours. */
export function claimsIn(path: string): readonly Claim[] {
  return claimsOf(textOf(path), posix.dirname(path));
}

/** Rows of every table with a column “held by”, which is the last; files are named from `folder`. */
export function claimsOf(paper: string, folder: string): readonly Claim[] {
  const tables = paper.split('\n\n').filter((part) => /^\|.*\| held by +\|\n/.test(part));
  return tables.flatMap((rows) =>
    rows
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => {
        const cells = row.split(' | ').map((cell) => cell.replaceAll(/^\| +| +\|$/g, '').trim());
        const held = [...(cells.at(-1) ?? '').matchAll(/\]\(([^)]+)\)((?:,? “[^”]+”)+)/g)].flatMap(
          ([, file = '', names = '']) =>
            [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => [posix.join(folder, file), name] as const),
        );
        return { about: cells[0] ?? '', held };
      }),
  );
}

/** References that lead to nothing, and claims without any. */
export function loose(claims: readonly Claim[]): readonly string[] {
  return claims.flatMap(({ about, held }) =>
    held.length === 0
      ? [`${about}: held by nothing`]
      : held.flatMap(([file, name]) => (textOf(file).includes(name) ? [] : [`${about}: ${file} has no “${name}”`])),
  );
}
