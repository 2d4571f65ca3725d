/** `AIza` and 35 more. */
export const STANDARD_LENGTH = 39;

/** As reported (d4rkmen/M5Gemini#15); Google documents no length of an auth key. */
const AUTH_LENGTH_SEEN = 53;
/** So a little less may be whole too; what is shorter than this is a stump. */
const AUTH_LENGTH_MIN = 40;

const STANDARD = /^AIza[\w-]{35}$/;
const AUTH = /^AQ\.[\w-]{50,}(?:\.[\w-]+)*$/;

/** The shape in which keys have been seen whole. It says where a key ends in a text; it never clears or condemns one. */
export function isWholeShape(characters: string): boolean {
  return STANDARD.test(characters) || AUTH.test(characters);
}

/** How many characters a key lacks that begins like one and is cut short; for other texts `undefined`. Said beside a refusal only. */
export function missingCharacters(characters: string): number | undefined {
  const { length } = characters;
  if (characters.startsWith('AIza') && length < STANDARD_LENGTH) return STANDARD_LENGTH - length;
  return characters.startsWith('AQ.') && length < AUTH_LENGTH_MIN ? AUTH_LENGTH_SEEN - length : undefined;
}
