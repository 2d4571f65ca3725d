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

/** A page of Google's front end, which knows no API: `sentence` may hold markup. */
export function frontEndPage(status: number, title: string, sentence: string): Reply & { readonly body: string } {
  const body =
    `<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error ${status} (${title})!!1</title>\n` +
    `  <p><b>${status}.</b> <ins>That’s an error.</ins>\n  <p>${sentence}  <ins>That’s all we know.</ins>\n`;
  return { status, body, contentType: 'text/html; charset=UTF-8' };
}

/** What the front end says about a path or method that no API has. The comment is for whoever expected one here. */
export function notServed(path: string): Reply {
  const sentence = `The requested URL <code>${escaped(path)}</code> was not found on this server.`;
  const page = frontEndPage(404, 'Not Found', sentence);
  return { ...page, body: `${page.body}  <!-- The pretend cloud serves no such path and method. -->\n` };
}

/** Text inside of markup. */
export function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
