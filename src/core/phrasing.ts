/**
 * What follows repeats the caller's own input: Google quotes a malformed request in its complaint about it. Nothing
 * after these words may be taken for Google's opinion of a key.
 */
const ECHO =
  /invalid json payload|invalid value at|unknown name ["\\]|cannot bind query parameter|\* generatecontentrequest/;

/**
 * A text as rules compare it: lower case, plain quotes and spaces, escapes and entities undone, one line. Google's
 * messages reach people through terminals, chat programs and word processors.
 */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/\\u003c/g, '<')
    .replace(/\\u003e/g, '>')
    .replace(/\\u0027|\\'/g, "'")
    .replace(/\\[nrt]/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/[“”„]|&quot;/g, '"')
    .replace(/[‘’ʼ]|&#39;/g, "'")
    .replace(/\u200b|\u200c|\u200d|\u2060|\ufeff/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Plain words up to where the caller's own input begins, and whether it does. */
export function withoutEcho(words: string): { readonly words: string; readonly echoes: boolean } {
  const at = words.search(ECHO);
  return at < 0 ? { words, echoes: false } : { words: words.slice(0, at), echoes: true };
}

/** A web page or other markup: never an answer of the API, whatever it says. */
export function isPage(text: string): boolean {
  return (
    /^\s*<(?:!doctype|\?xml|html|head|body|title|meta|center|h\d)\b/i.test(text) || /<!doctype html|<html\b/i.test(text)
  );
}
