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
    .replace(/%20|\s+/g, ' ')
    .trim();
}

/** Advice of libraries and proxies (`make sure your API key is not expired`), and names that the caller chose. */
const GUESS =
  /\b(?:(?:if|whether) (?:your|the|an?|this|that|it)|may(?:be)?|might|perhaps|possibl[ey]|probably|make sure|ensure)\b[^.!?]{0,120}/g;
const QUOTED_NAME =
  /\b(model|file|tool|function|field|parameter) (?:'[^']{0,200}(?:'|$)|"[^"]{0,200}(?:"|$)|`[^`]{0,200}(?:`|$))/g;

/** Plain words up to where the caller's own input begins, less what is only supposed, and whether such input follows. */
export function withoutEcho(words: string): { readonly words: string; readonly echoes: boolean } {
  const at = words.search(ECHO);
  const said = at < 0 ? words : words.slice(0, at);
  return { words: said.replace(GUESS, ' ').replace(QUOTED_NAME, '$1 …'), echoes: at >= 0 };
}

/** A web page or other markup: never an answer of the API, whatever it says. */
export function isPage(text: string): boolean {
  return (
    /^\s*<(?:!doctype|\?xml|head|body|title|meta|center|h\d)\b/i.test(text) || /<!doctype html|<html\b/i.test(text)
  );
}
