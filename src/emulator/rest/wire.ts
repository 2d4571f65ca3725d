import type { Reply } from '../http.ts';

/**
 * What a reply can do besides being sent: never come (`hang`), end the socket unanswered (`drop`), or begin and never
 * end (`endless`). Real networks do all three, and each must be answered by a time limit or a bound in the worker.
 */
type Misbehaviour = 'hang' | 'drop' | 'endless';

/** A reply that misbehaves. A `Service` may return one where it returns a `Reply`. */
export interface WireReply extends Reply {
  readonly misbehaves?: Misbehaviour;
}

/**
 * JSON text as Google's front end writes it: two spaces of indent, a closing newline, and `<`, `>`, `&`, `'` escaped
 * (`Requests from referer \u003cempty\u003e are blocked.`). `prettyPrint=false` asks for the short form.
 */
export function googleJson(body: unknown, pretty: boolean): string {
  const text = pretty ? `${JSON.stringify(body, null, 2)}\n` : JSON.stringify(body);
  return text.replace(/[<>&']/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
}

/** The page of Google's front end for a host or path that no API owns. */
export const HTML_404 =
  '<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n  <p><b>404.</b> <ins>That’s an error.</ins>\n';
