/** More differences than this make another word, not a misspelt one. */
const DIFFERENCES_MAX = 3;

/** The known word that a misspelt one was probably meant to be; `undefined` when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, differences: differencesOf(word, candidate) }))
    .filter(({ differences }) => differences <= DIFFERENCES_MAX)
    .sort((a, b) => a.differences - b.differences);
  return ranked[0]?.candidate;
}

/** Levenshtein’s distance: characters to insert, remove or replace. */
function differencesOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of from.split('').entries()) {
    let corner = at;
    let left = at + 1;
    row = row.map((above, column) => {
      if (column > 0) left = Math.min(above + 1, left + 1, corner + (to[column - 1] === letter ? 0 : 1));
      corner = above;
      return left;
    });
  }
  return Math.max(...row.slice(-1));
}
