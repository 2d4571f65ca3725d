/** A piece of text with one look, at a place in pixels. */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  /** Words in bold in front of the text. */
  readonly lead?: string;
}

/** A picture that is drawn from text alone, so that it can be read, searched and compared. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly background: string;
  /** Shapes behind the text, as SVG. */
  readonly shapes: readonly string[];
  readonly runs: readonly Run[];
}

const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
const SANS = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** Width of a character, as part of its size: exact for text with one width, about right for other text. */
export const MONO_WIDTH = 0.602;
export const SANS_WIDTH = 0.53;

/** The picture as an SVG file. Text with one width is stretched to it, so that columns meet whatever the font. */
export function svgOf({ width, height, title, background, shapes, runs }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    ...shapes,
    ...runs.map(textOf),
    '</svg>',
    '',
  ].join('\n');
}

function textOf({ x, y, text, fill, size, bold = false, mono = false, lead }: Run): string {
  const look = `fill="${fill}" font-size="${size}" font-family="${mono ? MONO : SANS}"${bold ? ' font-weight="bold"' : ''}`;
  const length = mono ? ` textLength="${pixels(text.length * size * MONO_WIDTH)}"` : '';
  const first = lead === undefined ? '' : `<tspan font-weight="bold">${escaped(lead)}</tspan>  `;
  return `<text x="${pixels(x)}" y="${pixels(y)}" ${look}${length} xml:space="preserve">${first}${escaped(text)}</text>`;
}

/** One digit behind the point is finer than anybody sees. */
export function pixels(length: number): number {
  return Math.round(length * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
