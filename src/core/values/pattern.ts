/** Whether a text is what a pattern says, in which `*` stands for any characters; nothing else in it means anything. */
export function fitsPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[^\p{L}\p{N}_-]/gu, (mark) => `\\${mark}`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
