import { redact } from '../../core/key/redact.ts';

/** Only `markup` makes one: no text that was read from anywhere can pass for it. */
const MADE = Symbol('markup');

/** A piece of HTML that was written here, with everything that was put into it escaped. */
export interface Markup {
  readonly [MADE]: string;
}

/** What may stand in a piece: text and numbers are escaped, lists are joined, and what is absent leaves nothing. */
export type Shown = string | number | Markup | readonly Shown[] | undefined;

/**
 * HTML in which nothing can come from a text: `` markup`<b>${name}</b>` ``. Escaping is what happens by itself; there is no way to
 * put text in as it is. Attributes stand in double quotes.
 */
export function markup(parts: TemplateStringsArray, ...shown: readonly Shown[]): Markup {
  return { [MADE]: parts.reduce((done, part, at) => `${done}${textOf(shown[at - 1])}${part}`) };
}

/** The HTML of a piece, to be sent. */
export function htmlOf(piece: Markup): string {
  return piece[MADE];
}

function textOf(shown: Shown): string {
  if (shown === undefined) return '';
  if (typeof shown === 'string') return escaped(shown);
  if (typeof shown === 'number') return String(shown);
  return isMarkup(shown) ? shown[MADE] : shown.map(textOf).join('');
}

function isMarkup(shown: Markup | readonly Shown[]): shown is Markup {
  return MADE in shown;
}

/** What turns the reading order round, or is not seen at all, would let a name pass for another one. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whatever may be a key is taken out of a text (I9) before anything else happens to it. */
function escaped(text: string): string {
  return redact(text)
    .toWellFormed()
    .replace(UNSEEN, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
