/**
 * What may stand between two characters of a key that a terminal, a mail or a log has broken: a line break with its
 * indent, as it is or escaped, or a character without width.
 */
const BREAK = String.raw`(?:[\u00ad\u200b-\u200d\u2060\ufeff]|=?\r?\n[ \t]{0,40}|\\{1,15}r?\\{0,15}n[ \t]{0,40})?`;

/**
 * The source of an expression that finds `characters` in whatever spelling: as they are, percent-encoded, as JSON,
 * script or markup escapes, with a backslash before, and broken over lines.
 */
export function spelled(characters: string): string {
  return characters.split('').map(spellingsOf).join(BREAK);
}

/** The same for a run of `least` to `most` characters of a class such as `\w-`. */
export function spelledRun(charClass: string, least: number, most: number): string {
  return String.raw`(?:${BREAK}(?:(?:%|\\{1,15}(?:u00|x))[2-7][0-9a-fA-F]|&#(?:x[2-7][0-9a-fA-F]|\d{2,3});|\\{0,15}[${charClass}])){${least},${most}}[${charClass}]*`;
}

/** Of one UTF-16 unit, so that half a pair is no exception. */
function spellingsOf(unit: string): string {
  const code = unit.charCodeAt(0);
  const hex = eitherCase(code.toString(16).padStart(2, '0'));
  const long = code.toString(16).padStart(4, '0');
  return String.raw`(?:\\{0,15}\u${long}|%${hex}|\\{1,15}(?:u${eitherCase(long)}|x${hex})|&#(?:x${hex}|${code});)`;
}

function eitherCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
