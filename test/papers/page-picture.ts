import { pageOf } from '../../src/app/page/page.ts';
import { pageFleet } from '../support/page-fleet.ts';

const WIDTH = 1160;
/** As far down as the diagram. */
const HEIGHT = 925;

/**
 * The page itself as a picture: its body and its style within an SVG, which a browser draws as it draws the page, light or dark. The one
 * thing that differs is that it stays wide where the picture is shown small.
 */
export function pagePicture(): string {
  const html = pageOf(pageFleet());
  const body = between(html, '<body>', '</body>').replace(/<a class="skip".*?<\/a>/, '');
  const style = between(html, '<style>', '</style>').replace('max-width: 820px', 'max-width: 1px');
  const top = body.slice(0, body.indexOf('<ol class="flights"'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<style>${style}</style>`,
    `<foreignObject width="${WIDTH}" height="${HEIGHT}">`,
    `<body xmlns="http://www.w3.org/1999/xhtml">${top.replaceAll('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')}</section></main></body>`,
    '</foreignObject></svg>',
    '',
  ].join('\n');
}

function between(text: string, from: string, to: string): string {
  const at = text.indexOf(from) + from.length;
  return text.slice(at, text.indexOf(to, at));
}
