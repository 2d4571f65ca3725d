/** A page of a phone’s width, which a browser draws; `css` is the vendor’s look, `html` what its app makes of a body. */
export interface Page {
  readonly title: string;
  readonly css: string;
  readonly html: string;
}

/** Width of a phone in points. */
export const WIDTH = 390;

/** The whole page, with nothing in it from elsewhere but, where a vendor’s own library draws, that library. */
export function pageOf({ title, css, html }: Page): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8" />',
    `<title>${escaped(title)}</title>`,
    '<style>',
    `body { margin: 0; width: ${WIDTH}px; font: 15px/1.4 Roboto, sans-serif; color: #1d1c1d; background: #fff; overflow-wrap: anywhere }`,
    'main { padding: 14px }',
    'pre { white-space: pre-wrap; margin: 6px 0 }',
    'code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: 12px }',
    'a { color: #1264a3 }',
    css,
    '</style>',
    `<main>${html}</main>`,
    '</html>',
    '',
  ].join('\n');
}

/** A text that is shown as it stands. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A text in which addresses can be followed, as most apps show one. */
export function linked(text: string): string {
  return escaped(text).replace(/https:\/\/[^\s]+/g, (url) => `<a href="${url}">${url}</a>`);
}

/** Names and what they stand for, a row each. */
export function rows(facts: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(facts).map(([name, fact]) => {
    const text = typeof fact === 'string' ? fact : JSON.stringify(fact);
    return `<dt>${escaped(name)}</dt><dd>${linked(text)}</dd>`;
  });
  return `<dl>${shown.join('')}</dl>`;
}
