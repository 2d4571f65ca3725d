const ENCODED = /^(?:[A-Za-z0-9+/]{24,}|[\w-]{24,})={0,2}$/;
/** At its beginning whatever may be one, further on a whole one alone: the value of a field, or between quotes. */
const KEY = /^\s*(?:AIza|AQ\.)|[^\w-](?:AIza[\w-]{35}|AQ\.[\w-]{40,})(?![\w-])/;
/** Encoded by hand, and once more by whoever applied it. */
const TIMES_MAX = 2;

/**
 * The text inside base64, if what comes out begins as keys do or holds a key: a Kubernetes Secret whose `data` was encoded
 * twice, or a whole settings file that somebody encoded. Either alphabet.
 * `undefined` for everything else; no other text is taken for base64.
 */
export function keyInBase64(text: string, times = TIMES_MAX): string | undefined {
  const encoded = text.replaceAll(/\s/g, '');
  if (times === 0 || !ENCODED.test(encoded)) return undefined;
  const inside = decoded(encoded.replace(/=+$/, ''));
  return KEY.test(inside) ? inside : keyInBase64(inside, times - 1);
}

/** A last letter that stands alone fills no byte: what was copied without its end is read up to there. */
function decoded(bare: string): string {
  const standard = bare.replaceAll('-', '+').replaceAll('_', '/');
  return atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard);
}
