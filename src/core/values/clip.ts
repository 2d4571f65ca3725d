/** At most `charactersMax` UTF-16 units of a text, its end marked where some of it is gone; no half character stays. */
export function clip(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).toWellFormed()}…`;
}
