/** How many bytes a text takes in UTF-8, which is what Secret Manager's limits count. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Either half of a pair takes half of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x8_00 || (unit >= 0xd8_00 && unit <= 0xdf_ff) ? 2 : 3;
  }
  return bytes;
}

const ELLIPSIS = '…';

/** A text that takes at most so many bytes inside JSON, its end marked where some of it is gone. */
export function clipBytes(text: string, bytesMax: number): string {
  if (inJson(text) <= bytesMax) return text;
  let left = bytesMax - utf8Bytes(ELLIPSIS);
  let kept = '';
  for (const character of text) {
    left -= inJson(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}${ELLIPSIS}`;
}

/** Without the quotes around it. */
function inJson(text: string): number {
  return utf8Bytes(JSON.stringify(text)) - 2;
}
