const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ENCODED = /^[A-Za-z0-9+/]{24,}={0,2}$/;
const KEY = /^\s*(?:AIza|AQ\.)/;
/** Encoded by hand, and once more by whoever applied it. */
const TIMES_MAX = 2;

/**
 * The text inside base64, if what comes out begins as keys do: a Kubernetes Secret whose `data` was encoded twice.
 * `undefined` for everything else; no other text is taken for base64.
 */
export function keyInBase64(text: string, times = TIMES_MAX): string | undefined {
  const encoded = text.replaceAll(/\s/g, '');
  if (times === 0 || !ENCODED.test(encoded)) return undefined;
  const inside = decoded(encoded.replace(/=+$/, ''));
  return KEY.test(inside) ? inside : keyInBase64(inside, times - 1);
}

/** Byte by byte; bits that do not fill a byte are padding. */
function decoded(encoded: string): string {
  let [text, bits, count] = ['', 0, 0];
  for (const letter of encoded) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    text += String.fromCharCode((bits >> count) & 0xff);
  }
  return text;
}
