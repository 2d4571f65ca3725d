import { createHash } from 'node:crypto';
import { htmlOf } from './markup.ts';
import { STYLE } from './style.ts';

/**
 * What a browser may do with the page: apply the one style that is in it. Were a text ever taken for markup, it could run nothing, load
 * nothing and send nothing.
 */
export function contentPolicy(): string {
  const hash = createHash('sha256').update(htmlOf(STYLE)).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
